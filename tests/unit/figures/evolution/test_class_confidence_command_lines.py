import pandas as pd
import pytest

from fooling.artifacts.fooling_set import save_fooling_set

PAPER = """item,quantity,value,unit,status,scale,note
figure_6,median_confidence,21.59,%,V,long runs,
figure_7,median_confidence,88.11,%,V,long runs,
natural_images,median_confidence,60.3,%,R,validation,
"""


@pytest.fixture
def files(tmp_path, make_fooling_set):
    """Return the paths of what the steps read."""
    scores = pd.DataFrame({"top_confidence": [0.9, 0.4], "right": [1, 0]})
    scores.assign(source="photographs", network="lenet-1").to_csv(tmp_path / "natural.csv", index=False)
    (tmp_path / "paper.csv").write_text(PAPER)
    sets = {
        "cppn-0": make_fooling_set(dataset="imagenet"),
        "cppn-1": make_fooling_set(dataset="imagenet", run=1),
        "direct-0": make_fooling_set(dataset="imagenet", method="direct"),
        "other-0": make_fooling_set(dataset="imagenet", network="lenet-2"),
    }
    for name, fooling_set in sets.items():
        save_fooling_set(tmp_path / f"{name}.npz", fooling_set)
    return tmp_path


def sets_of(files, *names):
    return ("--fooling-sets", *(files / f"{name}.npz" for name in names), "--paper-values", files / "paper.csv")


def test_the_figure_is_drawn_from_files(run_main, files):
    outputs = [files / "figures" / "figure_07.png", files / "figures" / "figure_07.svg"]
    inputs = (*sets_of(files, "cppn-0", "cppn-1"), "--item", "figure_7", "--natural", files / "natural.csv")
    assert run_main("fooling.figures.evolution.class_confidence", *inputs, "--output", *outputs) == 0
    assert outputs[0].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in outputs[1].read_bytes()


@pytest.mark.parametrize(
    ("names", "item", "message"),
    [
        ("cppn-0 direct-0", "figure_7", "One figure shows one encoding against one network"),
        ("other-0", "figure_7", "were not scored on lenet-2"),
        ("cppn-0", "figure_70", "have nothing of figure_70"),
    ],
)
def test_what_makes_no_figure_is_told(run_main, capsys, files, names, item, message):  # noqa: PLR0917
    inputs = (*sets_of(files, *names.split()), "--item", item, "--natural", files / "natural.csv")
    assert run_main("fooling.figures.evolution.class_confidence", *inputs, "--output", files / "figure.png") == 1
    assert message in capsys.readouterr().err
    assert not (files / "figure.png").exists()


def test_the_table_is_made_from_files(run_main, files):
    outputs = [files / "table.csv", files / "table.html"]
    inputs = (*sets_of(files, "direct-0", "cppn-0", "other-0", "cppn-1"), "--natural", files / "natural.csv")
    assert run_main("fooling.tables.class_confidence", *inputs, "--output", *outputs) == 0
    table = pd.read_csv(outputs[0])
    assert table["method"].tolist() == ["direct", "cppn", "cppn", "natural", "natural", "natural"]
    assert table["network"].tolist() == ["lenet-1", "lenet-1", "lenet-2", "lenet-1", "lenet-1", "lenet-1"]
    assert table["runs"].tolist()[:3] == [1, 2, 1]
    assert outputs[1].read_text().startswith("<!DOCTYPE html>")
