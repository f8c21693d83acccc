import pandas as pd
import pytest

from fooling.artifacts.fooling_set import save_fooling_set

VALUES = "item,quantity,value,unit,status,scale,note\nfigure_s3,mean_confidence,98.591,%,R,CaffeNet,\n"


@pytest.fixture
def files(tmp_path, make_fooling_set):
    """Return a fooling set of gradient ascent and the paper's values."""
    milestones = [{"run": 0, "target": target, "top_1": 3, "above_0.9999": None, "last": 20} for target in (1, 2)]
    origin = {"method": "ascent", "set": "169", "dataset": "imagenet", "network": "lite0", "mean": [127.0] * 3}
    fooling_set = make_fooling_set(classes=(1, 2), side=40, channels=3, milestones=milestones, **origin)
    save_fooling_set(tmp_path / "fooling_set.npz", fooling_set)
    (tmp_path / "paper_values.csv").write_text(VALUES)
    return tmp_path / "fooling_set.npz", tmp_path / "paper_values.csv"


def test_figures_are_drawn_from_files(run_main, tmp_path, files):
    sheet, classes = tmp_path / "sheet.png", tmp_path / "classes.svg"
    options = ("--mean-subtracted", "--paper-values", files[1], "--item", "figure_s3", "--output", sheet)
    assert run_main("fooling.figures.ascent.sheet", "--fooling-sets", files[0], *options) == 0
    assert run_main("fooling.figures.ascent.digits", "--fooling-set", files[0], "--output", classes) == 0
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in classes.read_bytes()


def test_the_papers_values_need_their_item(run_main, tmp_path, files, capsys):
    options = ("--paper-values", files[1], "--output", tmp_path / "sheet.png")
    assert run_main("fooling.figures.ascent.sheet", "--fooling-sets", files[0], *options) == 1
    assert "give both or none" in capsys.readouterr().err


def test_the_table_is_written_as_csv_and_page(run_main, tmp_path, files):
    outputs = [tmp_path / "ascent.csv", tmp_path / "ascent.html"]
    inputs = ("--fooling-sets", files[0], "--paper-values", files[1])
    assert run_main("fooling.tables.ascent", *inputs, "--output", *outputs) == 0
    table = pd.read_csv(outputs[0], dtype={"set": str})
    assert table["iterations_to_top_1"].tolist() == [3]
    assert "98.591" in outputs[1].read_text(encoding="utf-8")
