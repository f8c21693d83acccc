import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.figures.evolution.confidence_curves import draw_confidence_curves, first_generation
from fooling.figures.parts.style import save_figure
from fooling.results.histories import read_histories


def history(confidences, batch=10):
    generations = np.arange(len(confidences), dtype=np.float64)
    return pd.DataFrame(
        {
            "generation": generations,
            "evaluations": (generations + 1) * batch,
            "median_confidence": confidences,
            "max_confidence": np.sqrt(confidences),
        }
    )


def test_the_median_run_decides_when_the_threshold_is_passed():
    fast, middle, slow = history([0.9999, 1, 1, 1]), history([0.1, 0.5, 0.9999, 1]), history([0.1, 0.2, 0.3, 0.4])
    assert first_generation([slow, fast, middle]) == 2
    assert first_generation([fast]) == 0
    assert first_generation([slow]) is None


def test_lines_are_medians_and_bands_are_ranges():
    runs = [history([0.1, 0.4]), history([0.2, 0.9]), history([0.3, 0.99])]
    plain, nines = draw_confidence_curves({"direct": runs, "cppn": []}).axes[:2]
    line = next(line for line in plain.lines if "direct" in line.get_label())
    assert line.get_label() == "direct encoding (3 runs)"
    assert np.allclose(line.get_ydata(), [0.2, 0.9])
    (band,) = plain.collections
    assert np.allclose(band.get_datalim(plain.transData).intervaly, [0.1, 0.99])
    logarithmic = next(line for line in nines.lines if len(line.get_ydata()) == 2 and line.get_linestyle() == "-")
    assert np.allclose(logarithmic.get_ydata(), [0.8, 0.1])


def test_the_crossing_is_marked():
    runs = [history([0.5, 0.9, 0.99995, 0.999999])]
    nines = draw_confidence_curves({"cppn": runs}).axes[1]
    (marker,) = [line for line in nines.lines if line.get_marker() == "o"]
    assert (marker.get_xdata()[0], marker.get_ydata()[0]) == (2, pytest.approx(5e-5))
    assert [text.get_text() for text in nines.get_legend().get_texts()] == ["99.99\N{THIN SPACE}% in generation 2"]


def test_nothing_is_marked_where_nothing_is_reached():
    assert draw_confidence_curves({"cppn": [history([0.5, 0.95])]}).axes[1].get_legend() is None


def test_far_from_certainty_the_axis_is_logarithmic_from_below():
    runs = [history([0.01, 0.04, 0.25]), history([0.01, 0.16, 0.49])]
    far = draw_confidence_curves({"direct": [history([0.0001, 0.0004])], "cppn": runs}).axes[1]
    low, high = far.get_ylim()
    assert (far.get_yscale(), low < 0.0001, high > 1) == ("log", True, True)
    drawn = [line.get_ydata() for line in far.lines if len(line.get_ydata()) == 3]
    np.testing.assert_allclose(drawn, [[0.01, 0.1, 0.37], [0.1, 0.3, 0.6]])


def test_the_scale_of_every_encoding_is_told():
    def subtitle(**batches):
        figure = draw_confidence_curves({name: [history([0.5, 0.6], batch)] for name, batch in batches.items()})
        return [text.get_text() for text in figure.texts][-1]

    times = "\N{MULTIPLICATION SIGN} 1 generation"
    assert subtitle(direct=20, cppn=20) == f"20 children {times}"
    both = f"direct encoding: 1,000 children {times}; CPPN encoding: 20 children {times}"
    assert subtitle(direct=1000, cppn=20) == both


def test_a_confidence_of_one_has_a_place(tmp_path):
    figure = draw_confidence_curves({"direct": [history([1.0, 1.0])], "cppn": [history([1.0])]})
    save_figure(figure, [tmp_path / "curves.png"])
    assert (tmp_path / "curves.png").stat().st_size


def test_evaluations_are_shown_where_both_encodings_agree():
    def tops(first, second):
        figure = draw_confidence_curves({"direct": [history([0.5, 0.6], first)], "cppn": [history([0.5, 0.6], second)]})
        return [child for axes in figure.axes for child in axes.child_axes]

    assert len(tops(10, 10)) == 2
    assert tops(10, 20) == []


def test_there_must_be_a_run():
    with pytest.raises(FoolingError, match="at least one run"):
        draw_confidence_curves({"direct": [], "cppn": []})


def test_runs_of_one_encoding_must_match(tmp_path):
    paths = [tmp_path / "one.csv", tmp_path / "other.csv"]
    for path, confidences in zip(paths, ([0.5, 0.6], [0.5, 0.6, 0.7]), strict=True):
        history(confidences).to_csv(path, index=False)
    assert len(read_histories(paths[:1])) == 1
    with pytest.raises(FoolingError, match="must have the same settings"):
        read_histories(paths)


def test_generations_must_follow_each_other(tmp_path):
    path = tmp_path / "history.csv"
    history([0.5, 0.6]).iloc[::-1].to_csv(path, index=False)
    with pytest.raises(FoolingError, match="do not follow each other"):
        read_histories([path])
