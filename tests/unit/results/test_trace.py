import json
from pathlib import Path

import pytest

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.errors import FoolingError
from fooling.results import trace as trace_step
from fooling.results.trace import trace


@pytest.fixture
def figure(tmp_path, monkeypatch):
    """A figure that was drawn from two runs against one network, which was trained on a file of data."""
    monkeypatch.chdir(tmp_path)
    trace.cache_clear()

    def make(path: str, step: str, inputs: list[str]) -> str:
        provenance = Provenance(step, {"seed": 7, "root": None}, [Path(name) for name in inputs])
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"made by {step}")
        provenance.save(provenance_path(Path(path)))
        return path

    Path("data").write_text("some data")
    network = make("networks/n.npz", "train", ["data"])
    runs = [make(f"run-{seed}/fooling_set.npz", "evolve", [network]) for seed in (0, 1)]
    for run in runs:
        Path(run).with_name("history.csv").write_text("a curve")
    histories = [f"run-{seed}/history.csv" for seed in (0, 1)]
    return make("figures/f.png", "plot", [runs[0], *histories])


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["trace", *arguments])
    code: int | str | None = 0
    try:
        trace_step.main()
    except SystemExit as ended:
        code = ended.code
    assert isinstance(code, int)
    return code, capsys.readouterr().out


def test_the_tree_reaches_the_data_and_describes_each_step(figure, monkeypatch, capsys):
    code, text = run(monkeypatch, capsys, figure)
    assert code == 0
    lines = text.splitlines()
    assert lines[0].startswith("figures/f.png  sha256 ")
    assert sum(line.endswith("(see above)") for line in lines) == 2  # the network, behind each further file
    assert sum("  train, " in line for line in lines) == 1
    assert any("└─ data  sha256 " in line for line in lines)
    assert "settings: seed 7" in text
    assert lines[-1] == "All 6 files and the code are as recorded."


def test_what_has_changed_since_is_named(figure, monkeypatch, capsys):
    Path("data").write_text("other data")
    Path("run-1/history.csv").unlink()
    record = json.loads(Path("networks/n.provenance.json").read_text())
    record["code"]["fooling.errors"] = "0" * 16
    Path("networks/n.provenance.json").write_text(json.dumps(record))
    code, text = run(monkeypatch, capsys, figure)
    assert code == 3
    for sentence in (
        "data has changed since networks/n.npz.",
        "run-1/history.csv is missing.",
        "The code of networks/n.npz has changed since: fooling.errors.",
    ):
        assert text.count(sentence) == 1
    assert "CHANGED SINCE" in text


def test_json_tells_all_that_is_recorded(figure, monkeypatch, capsys):
    code, text = run(monkeypatch, capsys, figure, "--json")
    told = json.loads(text)
    assert (code, told["result"], told["changes"]) == (0, figure, [])
    assert len(told["files"]) == 6
    assert told["files"]["networks/n.npz"]["record"] == json.loads(Path("networks/n.provenance.json").read_text())
    assert told["files"]["data"]["source"] == "a source, made by no step"


def test_mistakes_are_a_sentence(figure, monkeypatch, capsys):
    with pytest.raises(FoolingError, match=r"There is no file nothing\.png"):
        run(monkeypatch, capsys, "nothing.png")
    with pytest.raises(FoolingError, match="data has no provenance record beside it"):
        run(monkeypatch, capsys, "data")
    Path("figures/f.provenance.json").write_text("{")
    with pytest.raises(FoolingError, match=r"is no readable provenance record; make figures/f\.png again"):
        run(monkeypatch, capsys, figure)
