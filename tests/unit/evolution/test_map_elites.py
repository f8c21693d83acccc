"""The archive and the loop, held against slow plain versions of the paper's description."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from fooling.artifacts.checkpoint import Checkpoint
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding, Population
from fooling.evolution import together
from fooling.evolution.archive import Archive
from fooling.evolution.map_elites import Evolution
from fooling.evolution.resumable import ResumableEvolution
from fooling.networks.classifier import log_softmax
from fooling.settings.evolution import CppnSettings, DirectSettings, EvolutionSettings

SHAPE = (1, 6, 6)


class LinearClassifier:
    """A fixed random linear network; it can be told to break down after some calls."""

    def __init__(self, device: torch.device, *, scale: float = 0.02, breaks_after: int | None = None) -> None:
        self.classes = 5
        self.image_shape = self.input_shape = SHAPE
        self.any_size = False
        self.device = device
        self._weights = torch.randn(36, 5, generator=torch.Generator().manual_seed(1)).to(device) * scale
        self._calls_left = breaks_after

    def logits(self, pixels: Tensor) -> Tensor:
        return pixels.flatten(1) @ self._weights

    def log_confidence(self, images: Tensor) -> Tensor:
        if self._calls_left is not None:
            self._calls_left -= 1
            if self._calls_left < 0:
                raise KeyboardInterrupt
        return log_softmax(self.logits(images.float()))


def numbered(count: int, first: int = 0, device: str | torch.device = "cpu") -> Population:
    return Population({"number": torch.arange(first, first + count, device=device)})


@settings(max_examples=100)
@given(
    batches=st.lists(
        st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=6), min_size=1, max_size=5
    )
)
def test_challenges_end_as_if_the_children_came_one_by_one(batches: list[list[list[int]]]) -> None:
    archive = Archive.empty(3, numbered(1))
    holders: list[tuple[float, int]] = [(-np.inf, -1)] * 3
    first = 0
    for scores in batches:
        before = list(holders)
        for child, row in enumerate(scores):
            for cell, score in enumerate(row):
                if score > holders[cell][0]:
                    holders[cell] = (score, first + child)
        none = torch.full((len(scores),), -1)
        new = archive.challenge(numbered(len(scores), first), torch.tensor(scores).float(), first, none)
        assert archive.individual.tolist() == [number for _, number in holders]
        assert archive.fitness.tolist() == [score for score, _ in holders]
        assert archive.population.tensors["number"].tolist() == archive.individual.tolist()
        assert new.cell.tolist() == [cell for cell in range(3) if holders[cell] != before[cell]]
        assert new.individual.tolist() == [holders[cell][1] for cell in new.cell.tolist()]
        first += len(scores)


def test_parents_are_drawn_uniformly_from_the_occupied_cells(device: torch.device) -> None:
    archive = Archive.empty(4, numbered(1, device=device))
    scores = torch.tensor([[5.0, 1.0, 5.0, -torch.inf], [0.0, 2.0, 0.0, -torch.inf]], device=device)
    archive.challenge(numbered(2, device=device), scores, 0, torch.full((2,), -1, device=device))
    cells = archive.sample(6000, torch.Generator(device).manual_seed(1))
    counts = Counter(cells.tolist())
    assert set(counts) == {0, 1, 2}
    assert all(abs(count - 2000) < 200 for count in counts.values())
    # Individual 0 holds two of the three cells, hence two thirds of the parents.
    parents = archive.population.select(cells).tensors["number"]
    assert (parents == 0).float().mean().item() == pytest.approx(2 / 3, abs=0.03)


def test_a_replacement_names_its_parent_and_the_cell_that_the_parent_came_from() -> None:
    archive = Archive.empty(2, numbered(1))
    archive.challenge(numbered(2), torch.tensor([[3.0, 0.0], [0.0, 3.0]]), 0, torch.tensor([-1, -1]))
    # Child 12 of cell 1's elite (individual 1) takes cell 0: a goal switch.
    scores = torch.tensor([[1.0, 1.0], [1.0, 1.0], [4.0, 0.0]])
    new = archive.challenge(numbered(3, 10), scores, 10, torch.tensor([0, 0, 1]))
    assert new.cell.tolist() == [0]
    assert new.individual.tolist() == [12]
    assert new.parent.tolist() == [1]
    assert new.parent_cell.tolist() == [1]


def encodings() -> dict[str, Encoding]:
    return {
        "direct": DirectEncoding(SHAPE, DirectSettings()),
        "cppn": CppnEncoding(SHAPE, CppnSettings(max_hidden_nodes=8, max_connections=24)),
    }


def options(**changes: object) -> EvolutionSettings:
    return EvolutionSettings(**{"generations": 12, "batch": 9, "snapshots": [0, 5], **changes})


def evolve(
    encoding: str,
    device: torch.device,
    folder: Path,
    settings: EvolutionSettings,
    classifier: LinearClassifier | None = None,
) -> Evolution:
    generator = torch.Generator(device).manual_seed(7)
    run = Evolution(encodings()[encoding], 5, settings, generator)
    with Checkpoint(folder / "checkpoint.npz", {"settings": settings.model_dump()}, 1e-9) as checkpoint:
        together.evolve([run], classifier or LinearClassifier(device), [checkpoint])
    return run


@pytest.mark.parametrize("encoding", ["direct", "cppn"])
def test_a_run_is_the_papers_loop(encoding: str, tmp_path: Path) -> None:
    cpu = torch.device("cpu")
    run = evolve(encoding, cpu, tmp_path, options())
    brood, classifier, generator = encodings()[encoding], LinearClassifier(cpu), torch.Generator().manual_seed(7)
    elites: list[tuple[float, int]] = [(-1.0, -1)] * 5
    genomes: dict[int, Population] = {}
    medians, replaced, switched = [], [], []
    for generation in range(13):
        if generation == 0:
            cells = [-1] * 9
            children = brood.random(9, generator)
        else:
            cells = torch.randint(5, (9,), generator=generator).tolist()
            one = [genomes[elites[cell][1]].tensors for cell in cells]
            parents = Population({name: torch.cat([each[name] for each in one]) for name in one[0]})
            children = brood.mutate(parents, generation, generator)
        confidence = classifier.log_confidence(brood.render(children)).exp()
        before = list(elites)
        for child in range(9):
            number = generation * 9 + child
            genomes[number] = children.select(torch.tensor([child]))
            for cell in range(5):
                if confidence[child, cell].item() > elites[cell][0]:
                    elites[cell] = (confidence[child, cell].item(), number)
        medians.append(np.median([score for score, _ in elites]))
        new = [cell for cell in range(5) if elites[cell] != before[cell]]
        replaced.append(len(new))
        switched.append(sum(cells[elites[cell][1] - generation * 9] not in {-1, cell} for cell in new))
    assert run.archive.individual.tolist() == [number for _, number in elites]
    assert run.archive.fitness.tolist() == [score for score, _ in elites]
    table = run.history.table()
    np.testing.assert_allclose(table["median_confidence"], medians)
    assert table["replacements"].tolist() == replaced
    assert table["goal_switches"].tolist() == switched
    assert table["evaluations"].tolist() == [9 * (generation + 1) for generation in range(13)]


@pytest.mark.parametrize("encoding", ["direct", "cppn"])
def test_every_elite_descends_from_the_initial_population(encoding: str, device: torch.device, tmp_path: Path) -> None:
    run = evolve(encoding, device, tmp_path, options())
    lineage = run.history.lineage()
    parent_of = dict(zip(lineage["individual"].tolist(), lineage["parent"].tolist(), strict=True))
    for elite in run.archive.individual.tolist():
        ancestor = elite
        while parent_of[ancestor] >= 0:
            assert parent_of[ancestor] < ancestor
            ancestor = parent_of[ancestor]
        assert ancestor < 9
    last = dict(zip(lineage["cell"], lineage["individual"], strict=True))
    assert [last[cell] for cell in range(5)] == run.archive.individual.tolist()


def test_fitness_of_the_elites_never_falls(device: torch.device, tmp_path: Path) -> None:
    table = evolve("cppn", device, tmp_path, options(generations=30)).history.table()
    for column in ("median_confidence", "mean_confidence", "min_confidence", "max_confidence"):
        assert (np.diff(table[column]) >= 0).all()
    assert table["mean_confidence"][-1] > table["mean_confidence"][0]


@pytest.mark.parametrize("encoding", ["direct", "cppn"])
@pytest.mark.parametrize("calls", [1, 6, 12])
def test_an_interrupted_run_ends_as_if_it_had_not_been(
    encoding: str, calls: int, device: torch.device, tmp_path: Path
) -> None:
    whole = evolve(encoding, device, tmp_path / "whole", options())
    with pytest.raises(KeyboardInterrupt):
        evolve(encoding, device, tmp_path / "cut", options(), LinearClassifier(device, breaks_after=calls))
    resumed_classifier = LinearClassifier(device, breaks_after=13 - calls)
    resumed = evolve(encoding, device, tmp_path / "cut", options(), resumed_classifier)
    left, right = ResumableEvolution(whole).state(), ResumableEvolution(resumed).state()
    assert left.keys() == right.keys()
    for name, array in left.items():
        np.testing.assert_array_equal(array, right[name], err_msg=name)


def test_snapshots_hold_the_elites_of_their_generation(device: torch.device, tmp_path: Path) -> None:
    run = evolve("direct", device, tmp_path, options())
    short = evolve("direct", device, tmp_path / "short", options(generations=5))
    assert [snapshot.generation for snapshot in run.snapshots] == [0, 5, 12]
    np.testing.assert_array_equal(run.snapshots[1].images, short.snapshots[-1].images)
    for snapshot in run.snapshots:
        assert (snapshot.born <= snapshot.generation).all()
    scores = LinearClassifier(device).log_confidence(torch.from_numpy(run.snapshots[-1].images).to(device))
    torch.testing.assert_close(scores.diagonal().exp(), run.archive.fitness)


def test_float32_confidence_saturates_where_the_exact_logarithm_goes_on(device: torch.device, tmp_path: Path) -> None:
    runs = {
        fitness: evolve(
            "direct", device, tmp_path / fitness, options(fitness=fitness), LinearClassifier(device, scale=0.06)
        )
        for fitness in ("float32", "log")
    }
    replaced = {}
    for fitness, run in runs.items():
        lineage = run.history.lineage()
        saturated = (runs["float32"].archive.fitness == 1).nonzero()[:, 0].cpu().numpy()
        assert len(saturated) > 0
        replaced[fitness] = int(np.isin(lineage["cell"], saturated).sum())
    assert replaced["log"] > replaced["float32"]


def test_a_fitness_tie_keeps_the_elite() -> None:
    archive = Archive.empty(1, numbered(1))
    archive.challenge(numbered(1), torch.ones(1, 1), 0, torch.tensor([-1]))
    new = archive.challenge(numbered(1, 5), torch.ones(1, 1), 5, torch.tensor([0]))
    assert len(new.cell) == 0
    assert archive.individual.tolist() == [0]
