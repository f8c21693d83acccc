"""Several runs side by side end as each of them ends alone."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from fooling.artifacts.checkpoint import Checkpoint
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding, Population
from fooling.evolution.map_elites import Evolution
from fooling.evolution.resumable import ResumableEvolution
from fooling.evolution.together import advance, evolve
from fooling.networks.classifier import log_softmax
from fooling.settings.evolution import CppnSettings, DirectSettings, EvolutionSettings

SHAPE = (1, 6, 6)
SETTINGS = EvolutionSettings(generations=9, batch=7, snapshots=[0, 4])
ENCODINGS: dict[str, Encoding] = {
    "direct": DirectEncoding(SHAPE, DirectSettings()),
    "cppn": CppnEncoding(SHAPE, CppnSettings(max_hidden_nodes=8, max_connections=24)),
}


class WholeNumberClassifier:
    """A linear network of whole numbers, whose scores do not depend on the order of summing; it counts its calls."""

    def __init__(self, device: torch.device, breaks_after: int = 10**9) -> None:
        self.classes = 5
        self.image_shape = self.input_shape = SHAPE
        self.any_size = False
        self.device = device
        self.calls: list[int] = []
        self._breaks_after = breaks_after
        self._weights = torch.randint(-9, 10, (36, 5), generator=torch.Generator().manual_seed(1)).to(device).float()

    def logits(self, pixels: Tensor) -> Tensor:
        return pixels.flatten(1) @ self._weights / 2**12

    def log_confidence(self, images: Tensor) -> Tensor:
        if len(self.calls) == self._breaks_after:
            raise KeyboardInterrupt
        self.calls.append(len(images))
        return log_softmax(self.logits(images.float()))


def start(encoding: str, device: torch.device, seeds: Sequence[int]) -> list[Evolution]:
    generators = [torch.Generator(device).manual_seed(seed) for seed in seeds]
    return [Evolution(ENCODINGS[encoding], 5, SETTINGS, generator) for generator in generators]


def complete(
    encoding: str, seeds: Sequence[int], classifier: WholeNumberClassifier, folder: Path, seconds: float = 3600
) -> list[Evolution]:
    runs = start(encoding, classifier.device, seeds)
    with ExitStack() as stack:
        paths = [folder / f"{seed}.checkpoint.npz" for seed in seeds]
        checkpoints = [stack.enter_context(Checkpoint(path, {}, seconds)) for path in paths]
        evolve(runs, classifier, checkpoints)
    return runs


def assert_equal(runs: Sequence[Evolution], others: Sequence[Evolution]) -> None:
    for run, other in zip(runs, others, strict=True):
        left, right = ResumableEvolution(run).state(), ResumableEvolution(other).state()
        assert left.keys() == right.keys()
        for name, array in left.items():
            np.testing.assert_array_equal(array, right[name], err_msg=name)


@pytest.fixture
def alone(encoding: str, device: torch.device, tmp_path: Path) -> list[Evolution]:
    return [complete(encoding, [seed], WholeNumberClassifier(device), tmp_path / "alone")[0] for seed in (3, 1, 2)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_runs_end_together_as_alone(
    encoding: str, device: torch.device, alone: list[Evolution], tmp_path: Path
) -> None:
    assert_equal(complete(encoding, [3, 1, 2], WholeNumberClassifier(device), tmp_path), alone)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_children_of_all_runs_can_pass_as_one_batch(
    encoding: str, device: torch.device, alone: list[Evolution]
) -> None:
    runs, classifier = start(encoding, device, [3, 1, 2]), WholeNumberClassifier(device)
    for _ in range(10):
        advance(runs, classifier)
    assert classifier.calls == [21] * 10
    assert_equal(runs, alone)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_in_one_batch_runs_that_lag_catch_up_without_a_smaller_batch(
    encoding: str, device: torch.device, alone: list[Evolution]
) -> None:
    runs, classifier = start(encoding, device, [3, 1, 2]), WholeNumberClassifier(device)
    for _ in range(4):
        advance([runs[1]], WholeNumberClassifier(device))
    for _ in range(10):
        advance(runs, classifier)
    assert classifier.calls == [21] * 10
    assert_equal(runs, alone)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_runs_whose_checkpoints_lie_apart_end_as_alone(
    encoding: str, device: torch.device, alone: list[Evolution], tmp_path: Path
) -> None:
    for seed, calls in ((3, 6), (2, 3)):
        with pytest.raises(KeyboardInterrupt):
            complete(encoding, [seed], WholeNumberClassifier(device, breaks_after=calls), tmp_path, seconds=1e-9)
    runs = complete(encoding, [3, 1, 2], WholeNumberClassifier(device), tmp_path)
    assert_equal(runs, alone)


def test_on_a_cpu_each_run_passes_by_itself(tmp_path: Path) -> None:
    classifier = WholeNumberClassifier(torch.device("cpu"))
    complete("direct", [3, 1, 2], classifier, tmp_path)
    assert classifier.calls == [7] * 30


@pytest.mark.parametrize(
    "change",
    [
        {"archive/source": 9999},  # compiled code would read and write beyond its arrays
        {"archive/target": 9999},
        {"archive/target": 0},  # into an input
        {"archive/function": 100},
        {"archive/weight": np.nan},
        {"individual": -1},  # no elite to draw a parent from
        {"generation": 1000},
        {"history/generation": 1000},
        {"generator": 255},
    ],
)
def test_a_state_that_is_none_of_the_run_is_damage(
    change: dict[str, float], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start("cppn", torch.device("cpu"), [1])[0]
    for _ in range(3):
        advance([run], WholeNumberClassifier(torch.device("cpu")))
    work = ResumableEvolution(run)
    state = {name: array.copy() for name, array in work.state().items()}
    assert work.fits(state)
    for name, value in change.items():
        state[name][...] = value
    with Checkpoint(tmp_path / "c.npz", {}, 60) as checkpoint:
        monkeypatch.setattr(work, "state", lambda: state)
        checkpoint.save(work)
        assert not checkpoint.resume(work)
    assert f"{tmp_path / 'c.npz'} is damaged; it is kept as c.stale.npz" in caplog.text


def test_a_genome_with_a_cycle_is_damage() -> None:
    encoding = ENCODINGS["cppn"]
    genomes = encoding.random(1, torch.Generator().manual_seed(1))
    tensors = {name: tensor.clone() for name, tensor in genomes.tensors.items()}
    tensors["function"][0, 5:7] = 0
    tensors["source"][0, 4:7] = torch.tensor([5, 6, 5])
    tensors["target"][0, 4:7] = torch.tensor([6, 5, 4])
    assert not encoding.holds(Population(tensors))
    tensors["target"][0, 5] = 4
    assert encoding.holds(Population(tensors))
