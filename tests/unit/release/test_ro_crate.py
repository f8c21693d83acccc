"""The crate of a small run: a network, two runs of evolution, a figure, and files that no record tells of."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.errors import FoolingError
from fooling.release.ro_crate import METADATA, PROFILE, ro_crate
from fooling.results.trace import trace
from fooling.steps.release import make_ro_crate

FOLDER = Path("results/small")


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    trace.cache_clear()

    def make(name: str, step: str, inputs: list[Path]) -> Path:
        path = FOLDER / name
        provenance = Provenance(step, {"seed": 7, "root": None, "snapshots": [0, 10]}, inputs)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"made by {step}")
        provenance.save(provenance_path(path))
        return path

    Path("data").write_text("some data")
    network = make("networks/n 1.npz", "train", [Path("data")])
    runs = [make(f"run-{seed}/fooling_set.npz", "evolve", [network, Path("data")][seed:]) for seed in (0, 1)]
    for run in runs:
        run.with_name("history.csv").write_text("a curve")
    make("figures/f.png", "figures.f", [*runs, runs[0].with_name("history.csv")])
    (FOLDER / "figures/f.svg").write_text("the same")
    (FOLDER / "logs/train").mkdir(parents=True)
    (FOLDER / "logs/train/n.log").write_text("said")
    (FOLDER / "report.html").write_text("everything")


def crate() -> dict[str, dict[str, Any]]:
    graph = json.loads(ro_crate(FOLDER, "1.2.3"))["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    assert len(entities) == len(graph)
    return entities


def references(value: Any) -> list[str]:
    found = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [reference["@id"] for reference in found]


def actions(entities: dict[str, dict[str, Any]], step: str) -> list[dict[str, Any]]:
    return [e for e in entities.values() if e["@type"] == "CreateAction" and e["name"] == step]


def test_every_reference_leads_somewhere() -> None:
    entities = crate()
    known = {*entities, "https://w3id.org/ro/crate/1.1"}
    referred = {name for entity in entities.values() for value in entity.values() for name in references(value)}
    assert referred <= known
    # And nothing stands there that nothing refers to.
    assert known - referred == {METADATA}


def test_the_root_says_what_a_process_run_crate_must() -> None:
    root = crate()["./"]
    assert root["conformsTo"] == {"@id": PROFILE}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    parts = references(root["hasPart"])
    assert {"networks/n%201.npz", "run-0/history.csv", "figures/f.svg", "logs/", "report.html"} <= set(parts)
    assert len(references(root["mentions"])) == 4


def test_files_have_their_sha256() -> None:
    for identity, entity in crate().items():
        if entity["@type"] == "File":
            content = (FOLDER / identity.replace("%20", " ")).read_bytes()
            assert entity["sha256"] == sha256(content).hexdigest()
            assert entity["contentSize"] == str(len(content))


def test_an_action_says_what_was_read_and_written_and_by_what() -> None:
    entities = crate()
    (drawing,) = actions(entities, "figures.f")
    assert set(references(drawing["result"])) == {"figures/f.png", "figures/f.svg"}
    files = [name for name in references(drawing["object"]) if entities[name]["@type"] == "File"]
    assert files == ["run-0/fooling_set.npz", "run-1/fooling_set.npz", "run-0/history.csv"]
    settings = [entities[name] for name in references(drawing["object"]) if entities[name]["@type"] == "PropertyValue"]
    assert {each["name"]: each["value"] for each in settings} == {"seed": 7, "root": "null", "snapshots": "[0, 10]"}
    assert drawing["startTime"] <= drawing["endTime"] <= entities["./"]["datePublished"]
    assert drawing["subjectOf"] == {"@id": "figures/f.provenance.json"}
    program = entities[drawing["instrument"]["@id"]]
    assert program["softwareVersion"].startswith("1.2.3, code ")
    assert entities[references(program["softwareRequirements"])[0]]["name"] == "python"
    histories = [references(run["result"]) for run in actions(entities, "evolve")]
    assert sorted(histories) == [[f"run-{n}/fooling_set.npz", f"run-{n}/history.csv"] for n in (0, 1)]


def test_what_lies_elsewhere_or_has_changed_since_is_named_by_its_digest() -> None:
    (FOLDER / "run-1/fooling_set.npz").write_text("changed")
    trace.cache_clear()
    entities = crate()
    (training,) = actions(entities, "train")
    outside = entities[references(training["object"])[0]]
    assert outside["name"] == "data"
    assert outside["sha256"] == sha256(b"some data").hexdigest()
    (drawing,) = actions(entities, "figures.f")
    lost = entities[references(drawing["object"])[1]]
    assert (lost["@type"], lost["name"]) == ("CreativeWork", str(FOLDER / "run-1/fooling_set.npz"))
    assert lost["sha256"] == sha256(b"made by evolve").hexdigest()
    assert "no longer there" in lost["description"]


def test_the_step_writes_the_same_crate_again_and_leaves_itself_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_ro_crate", str(FOLDER)])
    make_ro_crate.main()
    first = (FOLDER / METADATA).read_text()
    make_ro_crate.main()
    assert (FOLDER / METADATA).read_text() == first


def test_a_folder_without_records_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FoolingError, match="holds no provenance records"):
        ro_crate(tmp_path / "empty", "1")
    monkeypatch.setattr(sys, "argv", ["make_ro_crate", "nowhere"])
    with pytest.raises(FoolingError, match="There is no folder nowhere"):
        make_ro_crate.main()
