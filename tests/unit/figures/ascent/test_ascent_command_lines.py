import subprocess
import sys

import pandas as pd
import pytest

from fooling.artifacts.fooling_set import save_fooling_set
from fooling.command_line import run_step
from fooling.figures.ascent import digits as plot_ascent_classes
from fooling.figures.ascent import sheet as plot_ascent
from fooling.tables import ascent as tabulate_ascent

VALUES = "item,quantity,value,unit,status,scale,note\nfigure_s3,mean_confidence,98.591,%,R,CaffeNet,\n"


def run(monkeypatch, step, *arguments):
    """Run a step as from the command line and return its exit code."""
    monkeypatch.setattr(sys, "argv", [step.__name__, *map(str, arguments)])
    try:
        run_step(step.main)
    except SystemExit as exit_:
        return exit_.code
    return 0


@pytest.fixture
def files(tmp_path, make_fooling_set):
    """Return a fooling set of gradient ascent and the paper's values."""
    milestones = [{"run": 0, "target": target, "top_1": 3, "above_0.9999": None, "last": 20} for target in (1, 2)]
    origin = {"method": "ascent", "set": "169", "dataset": "imagenet", "network": "lite0", "mean": [127.0] * 3}
    fooling_set = make_fooling_set(classes=(1, 2), side=40, channels=3, milestones=milestones, **origin)
    save_fooling_set(tmp_path / "fooling_set.npz", fooling_set)
    (tmp_path / "paper_values.csv").write_text(VALUES)
    return tmp_path / "fooling_set.npz", tmp_path / "paper_values.csv"


def test_drawing_does_not_import_torch():
    steps = ("figures.ascent.sheet", "figures.ascent.digits", "tables.ascent")
    code = f"{'; '.join(f'import fooling.{step}' for step in steps)}; import sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_figures_are_drawn_from_files(monkeypatch, tmp_path, files):
    sheet, classes = tmp_path / "sheet.png", tmp_path / "classes.svg"
    options = ("--mean-subtracted", "--paper-values", files[1], "--item", "figure_s3", "--output", sheet)
    assert run(monkeypatch, plot_ascent, "--fooling-sets", files[0], *options) == 0
    assert run(monkeypatch, plot_ascent_classes, "--fooling-set", files[0], "--output", classes) == 0
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in classes.read_bytes()


def test_the_papers_values_need_their_item(monkeypatch, tmp_path, files, capsys):
    options = ("--paper-values", files[1], "--output", tmp_path / "sheet.png")
    assert run(monkeypatch, plot_ascent, "--fooling-sets", files[0], *options) == 1
    assert "give both or none" in capsys.readouterr().err


def test_the_table_is_written_as_csv_and_page(monkeypatch, tmp_path, files):
    outputs = [tmp_path / "ascent.csv", tmp_path / "ascent.html"]
    inputs = ("--fooling-sets", files[0], "--paper-values", files[1])
    assert run(monkeypatch, tabulate_ascent, *inputs, "--output", *outputs) == 0
    table = pd.read_csv(outputs[0], dtype={"set": str})
    assert table["iterations_to_top_1"].tolist() == [3]
    assert "98.591" in outputs[1].read_text(encoding="utf-8")
