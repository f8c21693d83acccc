import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.figures.evolution.scaling_curves import draw_scaling
from fooling.results.paper_values import Published
from fooling.results.scaling import PAPER_ITEMS, Runs
from fooling.tables.scaling import scaling_html, scaling_table

PAPER = {
    item: {"median_confidence": Published(value, "V", "")}
    for item, value in zip(PAPER_ITEMS.values(), (99.99, 99.99, 21.59, 88.11), strict=True)
}


def history(confidences, batch=10):
    generations = np.arange(len(confidences))
    return pd.DataFrame(
        {
            "generation": generations,
            "evaluations": (generations + 1) * batch,
            "median_confidence": confidences,
            "max_confidence": confidences,
        }
    )


THREE = [history([0.1, 0.4, 0.95]), history([0.3, 0.6, 0.99]), history([0.2, 0.5, 0.9999])]


def test_the_table_tells_when_the_median_run_reaches_a_confidence():
    table = scaling_table([Runs("mnist", "direct", THREE), Runs("exact", "cppn", [history([0.99995, 1.0], batch=200)])])
    first, second = table.to_dict("records")
    assert (first["experiment"], first["encoding"], first["runs"]) == ("mnist", "direct", 3)
    assert (first["evaluations"], first["median_confidence"]) == (30, 0.99)
    assert (first["to_50"], first["to_90"], first["to_99"]) == (20, 30, 30)
    assert pd.isna(first["to_9999"])
    assert [second[f"to_{level}"] for level in (50, 90, 99, 9999)] == [200] * 4


def test_the_page_says_not_reached_and_the_paper_s_scale():
    page = scaling_html(scaling_table([Runs("mnist", "direct", THREE), Runs("mnist", "cppn", [history([0.1])])]))
    assert page.count("not reached") == 1 + 4
    assert "MNIST, direct encoding" in page
    assert "ImageNet 200 \u00d7 20,000 (direct); ImageNet 400 \u00d7 5,000 (CPPN)" in page
    assert "MNIST 200 \u00d7 200 (direct and CPPN)" in page


def test_lines_are_medians_bands_are_ranges_and_marks_are_the_paper_s():
    groups = [Runs("mnist", "direct", THREE), Runs("imagenet", "cppn", [history([1e-4, 2e-4], batch=100)])]
    mnist, imagenet = draw_scaling(groups, PAPER).axes
    assert (mnist.get_xscale(), mnist.get_yscale()) == ("log", "logit")
    assert mnist.get_ylim() == imagenet.get_ylim()
    assert [axes.get_title(loc="left") for axes in (mnist, imagenet)] == [
        "MNIST: 10 classes",
        "ImageNet: 1,000 classes",
    ]
    line = mnist.lines[0]
    assert line.get_label() == "direct encoding (3 runs)"
    np.testing.assert_allclose(line.get_xydata(), [[10, 0.2], [20, 0.5], [30, 0.99]])
    (band,) = mnist.collections
    (path,) = band.get_paths()
    np.testing.assert_allclose([path.vertices[:, 1].min(), path.vertices[:, 1].max()], [0.1, 0.9999])
    marks = [line for line in imagenet.lines if line.get_marker() in ("s", "D")]
    assert [tuple(mark.get_xydata()[0]) for mark in marks] == [(4_000_000, 0.2159), (2_000_000, 0.8811)]
    assert [mark.get_markerfacecolor() for mark in marks] == ["none"] * 2


def test_both_scales_are_told():
    figure = draw_scaling([Runs("imagenet", "cppn", [history([0.01] * 81, batch=100)])], PAPER)
    texts = [text.get_text() for text in figure.texts]
    assert "children \u00d7 generations: ImageNet 100 \u00d7 80 (CPPN)" in texts
    assert (
        "open marks, where the paper's runs end: ImageNet 200 \u00d7 20,000 (direct); ImageNet 400 \u00d7 5,000 (CPPN);"
        in texts
    )
    assert len(figure.axes) == 1


def test_certainty_has_a_place():
    (axes,) = draw_scaling([Runs("mnist", "cppn", [history([0.0, 1.0])])], PAPER).axes
    assert np.isfinite(axes.transData.transform(axes.lines[0].get_xydata())).all()


def test_mistakes_are_sentences():
    with pytest.raises(FoolingError, match="give the history of a run of mnist or imagenet"):
        draw_scaling([Runs("other", "cppn", THREE)], PAPER)
    with pytest.raises(FoolingError, match="no median_confidence of figure_5"):
        draw_scaling([Runs("mnist", "cppn", THREE)], PAPER | {"figure_5": {}})


def test_the_steps_write_figure_and_table(tmp_path, run_main, capsys):
    for number, one in enumerate(THREE):
        one.to_csv(tmp_path / f"{number}.csv", index=False)
    runs = ["--runs", "mnist", "direct", tmp_path / "0.csv", tmp_path / "1.csv"]
    runs += ["--runs", "mnist", "cppn", tmp_path / "2.csv"]
    values = ["--paper-values", "config/paper_values.csv"]
    plot, tabulate = "fooling.figures.evolution.scaling_curves", "fooling.tables.scaling"
    assert run_main(plot, *runs, *values, "--output", tmp_path / "curves.png") == 0
    assert run_main(tabulate, *runs, "--output", tmp_path / "scaling.csv", tmp_path / "scaling.html") == 0
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert pd.read_csv(tmp_path / "scaling.csv")["runs"].tolist() == [2, 1]
    assert run_main(tabulate, "--runs", "mnist", "direct", "--output", tmp_path / "scaling.csv") == 1
    assert "--runs mnist direct: give an experiment" in capsys.readouterr().err
