import importlib
import subprocess
import sys

import pandas as pd
import pytest

from fooling.artifacts.fooling_set import save_fooling_set
from fooling.command_line import run_step

STEPS = (
    "figures.experiments.ablation",
    "figures.breeding.bred",
    "figures.evolution.elite_grid",
    "figures.evolution.confidence_curves",
    "figures.transfer.matrix",
    "figures.transfer.fooled_by_both",
    "figures.ascent.sheet",
    "tables.transfer",
)


def run(monkeypatch, step, *arguments):
    """Run a step as from the command line and return its exit code."""
    monkeypatch.setattr(sys, "argv", [step, *map(str, arguments)])
    try:
        run_step(importlib.import_module(f"fooling.{step}").main)
    except SystemExit as exit_:
        return exit_.code
    return 0


def test_drawing_does_not_import_torch():
    imports = "; ".join(f"import fooling.{step}" for step in STEPS)
    code = f"{imports}; import sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_elites_are_drawn_from_files(monkeypatch, tmp_path, make_fooling_set):
    save_fooling_set(tmp_path / "fooling_set.npz", make_fooling_set())
    outputs = [tmp_path / "figures" / "figure.png", tmp_path / "figures" / "figure.svg"]
    code = run(
        monkeypatch,
        "figures.evolution.elite_grid",
        "--fooling-sets",
        tmp_path / "fooling_set.npz",
        "--output",
        *outputs,
    )
    assert code == 0
    assert outputs[0].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in outputs[1].read_bytes()


def test_a_missing_set_is_one_sentence_and_no_file(monkeypatch, tmp_path, capsys):
    code = run(
        monkeypatch,
        "figures.ascent.sheet",
        "--fooling-sets",
        tmp_path / "none.npz",
        "--output",
        tmp_path / "figure.png",
    )
    assert code == 1
    assert "Error: There is no fooling set at" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def transfer_table(tmp_path):
    path = tmp_path / "transfer.csv"
    shares = {
        "images": 10,
        "same_label": 0.5,
        "top_5": 0.8,
        "above_99": 0.3,
        "above_9999": 0.25,
        "both_above_9999": 0.2,
        "source_more_confident": 1.0,
    }
    pairs = [("lenet-1", "lenet-2"), ("lenet-2", "lenet-1")]
    rows = [{"method": "cppn", "set": "", "source_network": one, "network": other, **shares} for one, other in pairs]
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_transfer_is_drawn_and_tabulated(monkeypatch, tmp_path, transfer_table):
    values = tmp_path / "paper_values.csv"
    quantities = ("same_label", "both_above_threshold", "source_more_confident")
    lines = [f"table_s1_mnist,{quantity},46,%,R-,MNIST," for quantity in quantities]
    values.write_text("\n".join(["item,quantity,value,unit,status,scale,note", *lines]))
    outputs = [tmp_path / "table.csv", tmp_path / "table.html"]
    inputs = ("--table", transfer_table, "--paper-values", values)
    assert run(monkeypatch, "tables.transfer", *inputs, "--output", *outputs) == 0
    table = pd.read_csv(outputs[0])
    assert list(table["cppn"]) == [50.0, 20.0, 100.0]
    assert outputs[1].read_text().startswith("<!DOCTYPE html>")
    assert (
        run(monkeypatch, "figures.transfer.matrix", "--table", transfer_table, "--output", tmp_path / "matrix.png") == 0
    )
    assert run(monkeypatch, "tables.transfer", *inputs, "--output", tmp_path / "table.txt") == 1


def test_help_tells_what_goes_in_and_out(monkeypatch, capsys):
    for step in STEPS:
        assert run(monkeypatch, step, "--help") == 0
        told = capsys.readouterr().out
        assert "In: " in told
        assert "Out: " in told
        assert f"python -m fooling.{step}" in told
