import pandas as pd
import pytest

from fooling.artifacts.fooling_set import save_fooling_set


def test_elites_are_drawn_from_files(run_main, tmp_path, make_fooling_set):
    save_fooling_set(tmp_path / "fooling_set.npz", make_fooling_set())
    outputs = [tmp_path / "figures" / "figure.png", tmp_path / "figures" / "figure.svg"]
    code = run_main(
        "fooling.figures.evolution.elite_grid",
        "--fooling-sets",
        tmp_path / "fooling_set.npz",
        "--output",
        *outputs,
    )
    assert code == 0
    assert outputs[0].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in outputs[1].read_bytes()


def test_a_missing_set_is_one_sentence_and_no_file(run_main, tmp_path, capsys):
    code = run_main(
        "fooling.figures.ascent.sheet",
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


def test_transfer_is_drawn_and_tabulated(run_main, tmp_path, transfer_table):
    values = tmp_path / "paper_values.csv"
    quantities = ("same_label", "both_above_threshold", "source_more_confident")
    lines = [f"table_s1_mnist,{quantity},46,%,R-,MNIST," for quantity in quantities]
    values.write_text("\n".join(["item,quantity,value,unit,status,scale,note", *lines]))
    outputs = [tmp_path / "table.csv", tmp_path / "table.html"]
    inputs = ("--table", transfer_table, "--paper-values", values)
    assert run_main("fooling.tables.transfer", *inputs, "--output", *outputs) == 0
    table = pd.read_csv(outputs[0])
    assert list(table["cppn"]) == [50.0, 20.0, 100.0]
    assert outputs[1].read_text().startswith("<!DOCTYPE html>")
    assert (
        run_main("fooling.figures.transfer.matrix", "--table", transfer_table, "--output", tmp_path / "matrix.png") == 0
    )
    assert run_main("fooling.tables.transfer", *inputs, "--output", tmp_path / "table.txt") == 1
