"""The steps of guarded evolution as a user calls them, on a network that has learned nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from small import small_mnist

from fooling.artifacts.elites import load_elites
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.detection.guard import GuardedClassifier
from fooling.detection.observer import Observer
from fooling.errors import FoolingError
from fooling.experiments.fitting_images import load_natural
from fooling.networks.classifier import NetworkClassifier
from fooling.networks.network_file import load_network, load_networks, save_networks
from fooling.steps.evolution import evolve_guarded_cppn, evolve_guarded_direct, guarded_run

STEPS = {"cppn": evolve_guarded_cppn, "direct": evolve_guarded_direct}
FILES = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}

Call = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return small_mnist(tmp_path / "mnist")


@pytest.fixture
def call(network: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that calls a step, with other flags in the place of the usual ones."""

    def step(method: str, folder: Path, **changed: object) -> None:
        flags = {"network": network, "data": data, "seed": 3, "detector": "knn", "fitness": "log"}
        flags |= {"generations": 6, "batch": 9, "snapshots": "[0]"} | {
            name: folder / file for name, file in FILES.items()
        }
        words = [
            str(word) for name, value in (flags | changed).items() for word in (f"--{name.replace('_', '-')}", value)
        ]
        monkeypatch.setattr("sys.argv", [method, *words])
        STEPS[method].main()

    return step


def guard_of(network: Path, data: Path, detector: str) -> GuardedClassifier:
    trained = load_network(network)
    natural, _ = load_natural(trained, data, training_images=5000, test_images=2000, seed=0)
    return guarded_run.guard(Observer(trained, "lenet-1", torch.device("cpu")), detector, natural)


@pytest.mark.parametrize("step", STEPS)
def test_a_guarded_run_cut_off_and_continued_writes_the_bytes_of_an_undisturbed_one(
    step, call, tmp_path, monkeypatch
) -> None:
    call(step, tmp_path / "whole", checkpoint_seconds=1e-9)
    judge, calls = GuardedClassifier.log_confidence, iter(range(4))

    def breaks_down(classifier: GuardedClassifier, images: torch.Tensor) -> torch.Tensor:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return judge(classifier, images)

    with monkeypatch.context() as breakdown:
        breakdown.setattr(GuardedClassifier, "log_confidence", breaks_down)
        with pytest.raises(KeyboardInterrupt):
            call(step, tmp_path / "cut", checkpoint_seconds=1e-9)
    assert (tmp_path / "cut" / "fooling_set.checkpoint.npz").exists()
    call(step, tmp_path / "cut", checkpoint_seconds=1e-9)
    for file in FILES.values():
        assert (tmp_path / "cut" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    assert {path.name for path in (tmp_path / "cut").iterdir()} == {*FILES.values(), "fooling_set.provenance.json"}


def test_images_that_pass_are_kept_with_the_confidence_of_the_network(call, network, data, tmp_path) -> None:
    call("direct", tmp_path)
    fooling_set = load_fooling_set(tmp_path / "fooling_set.npz")
    assert len(fooling_set.final()) == 10
    images = torch.from_numpy(fooling_set.images)
    assert guard_of(network, data, "knn").passes(images).all()
    plain = NetworkClassifier(load_network(network), torch.device("cpu")).log_confidence(images).numpy()
    said = plain[np.arange(len(images)), fooling_set.target]
    np.testing.assert_allclose(fooling_set.log_confidence, said, rtol=1e-5)
    elites = load_elites(tmp_path / "elites.npz")
    np.testing.assert_allclose(elites.fitness, fooling_set.final().log_confidence, rtol=1e-5)
    assert fooling_set.provenance["settings"]["guard"] == {
        "training_images": 5000,
        "test_images": 2000,
        "images_seed": 0,
        "detector": "knn",
    }
    files = {one["file"] for one in fooling_set.provenance["inputs"]}
    assert files == {"lenet-1.npz", *(path.name for path in data.iterdir())}


def test_a_run_of_which_nothing_passes_has_the_confidence_0_and_leaves_no_image(call, network, tmp_path, monkeypatch):
    monkeypatch.setattr(guarded_run, "guard", lambda *_: _Closed(Observer(load_network(network), "a", CPU)))
    call("cppn", tmp_path)
    assert len(load_fooling_set(tmp_path / "fooling_set.npz")) == 0
    history = pd.read_csv(tmp_path / "history.csv")
    assert (history["max_confidence"] == 0).all()
    assert len(history) == 7
    fitness = load_elites(tmp_path / "elites.npz").fitness
    assert len(set(fitness)) == 1
    assert -np.inf < fitness[0] < -1e29


CPU = torch.device("cpu")


class _Closed(GuardedClassifier):
    """Lets nothing pass; dark images come nearest."""

    def __init__(self, observer: Observer) -> None:
        natural = torch.arange(30, dtype=torch.uint8)[:, None, None, None].expand(-1, 1, 28, 28)
        dark = guarded_run.fit_detector("energy", observer)
        super().__init__(
            observer, replace(dark, scores=lambda seen: -seen.images.double().mean((1, 2, 3)).numpy()), natural
        )
        self.threshold = 1.0


def test_mistakes_are_one_sentence(call, network, tmp_path) -> None:
    trained = load_networks(network)
    save_networks(tmp_path / "pair.npz", trained * 2, {})
    save_networks(tmp_path / "dnn2.npz", [replace(trained[0], fooling_rounds=1)], {})
    (tmp_path / "empty").mkdir()
    cases = {
        "cannot be guarded: in float32 all images that a guard stops would be equally fit": {"fitness": "float32"},
        "cannot be guarded: a guarded network judges in float32": {"precision": "bfloat16"},
        "ensemble of 2 networks where a single one is needed": {"network": tmp_path / "pair.npz"},
        "dnn2 has a class of fooling images, which is a detector of its own": {"network": tmp_path / "dnn2.npz"},
        "empty": {"data": tmp_path / "empty"},
        "knn cannot be fitted to 30 images": {"training_images": 30},
        "should be greater than or equal to 20": {"test_images": 10},
        "detector: should be 'max_softmax'": {"detector": "guess"},
    }
    for message, changed in cases.items():
        with pytest.raises(FoolingError, match=message) as caught:
            call("direct", tmp_path / "run", **changed)
        assert "\n" not in str(caught.value) or "These settings are not right" in str(caught.value)
    assert not (tmp_path / "run").exists()
