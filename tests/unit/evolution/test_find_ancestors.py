from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fooling.artifacts.ancestors import load_ancestors, save_ancestors
from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.elites import load_elites
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.evolution.find_ancestors import find_ancestors
from fooling.evolution.lineage import find_images, load_lineage
from fooling.evolution.recorded import load_recorded
from fooling.settings.evolution import CppnSettings
from fooling.steps.evolution import evolve_cppn, evolve_direct

CPU = torch.device("cpu")


def evolve(step: object, folder: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    arguments = ["--network", str(network), "--seed", "3", "--generations", "12", "--batch", "20", "--threads", "1"]
    arguments += ["--device", "cpu", "--snapshots", "[0,2,5,8]", "--history", str(folder / "history.csv")]
    arguments += ["--output", str(folder / "fooling_set.npz"), "--elites", str(folder / "elites.npz")]
    monkeypatch.setattr("sys.argv", ["evolve", *arguments])
    step.main()  # type: ignore[attr-defined]
    return folder / "elites.npz"


def test_ancestors_draw_the_images_that_the_run_stored(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elites = evolve(evolve_cppn, tmp_path, network, monkeypatch)
    recorded = load_recorded(elites)
    found = find_ancestors(recorded, CPU)
    lineage, fooling_set = load_lineage(elites), load_fooling_set(tmp_path / "fooling_set.npz")
    rows = {row for cell in range(10) for row in lineage.ancestry(cell).tolist()}
    assert found.individual.tolist() == sorted(set(lineage.individual[sorted(rows)].tolist()))
    population = Population({name: torch.from_numpy(getattr(found, name)) for name in CPPN_GENES})
    assert isinstance(recorded.settings, CppnSettings)
    drawn = CppnEncoding((1, 28, 28), recorded.settings).render(population).numpy()
    stored = find_images(lineage, fooling_set)
    known = [place for place, individual in enumerate(found.individual.tolist()) if individual in stored]
    earlier = [place for place in known if found.individual[place] not in lineage.elites]
    assert len(earlier) >= 3
    for place in known:
        assert np.array_equal(drawn[place], fooling_set.images[stored[int(found.individual[place])]])
    save_ancestors(tmp_path / "ancestors.npz", {("lenet-1", 3): found})
    again = load_ancestors(tmp_path / "ancestors.npz")["lenet-1", 3]
    assert all(np.array_equal(getattr(again, name), getattr(found, name)) for name in ("individual", *CPPN_GENES))


def test_the_elites_tell_how_each_class_fared(tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elites = load_elites(evolve(evolve_cppn, tmp_path, network, monkeypatch))
    fooling_set = load_fooling_set(tmp_path / "fooling_set.npz")
    assert elites.kept_generations.tolist() == list(range(13))
    assert (np.diff(elites.log_confidence.astype(float), axis=0) >= 0).all()
    for generation in (0, 2, 5, 8, 12):
        there = fooling_set.generation == generation
        known = elites.log_confidence[generation, fooling_set.target[there]]
        assert known == pytest.approx(fooling_set.log_confidence[there], abs=2e-3)


def test_what_cannot_be_traced_is_a_sentence(tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = load_recorded(evolve(evolve_cppn, tmp_path, network, monkeypatch))
    weight = recorded.genomes["weight"].copy()
    weight[4, 0] += 0.1
    with pytest.raises(FoolingError, match="does not end in its recorded genomes"):
        find_ancestors(replace(recorded, genomes=recorded.genomes | {"weight": weight}), CPU)
    with pytest.raises(FoolingError, match="A run on cuda"):
        find_ancestors(replace(recorded, device="cuda"), CPU)
    with pytest.raises(FoolingError, match="is of the direct encoding"):
        find_ancestors(load_recorded(evolve(evolve_direct, tmp_path / "direct", network, monkeypatch)), CPU)
