import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from chromium import CHROMIUM, Browser
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet
from fooling.command_line import run_step
from fooling.devices import prepare_device
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.compute import ComputeSettings


@pytest.fixture(params=["cpu", "cuda"])
def device(request: pytest.FixtureRequest) -> torch.device:
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no GPU")
    # As every step does: else convolutions on a GPU would round to TF32.
    return prepare_device(ComputeSettings(device=request.param))


@pytest.fixture
def run_main(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs a module as from the command line, given its name, and returns the exit code."""

    def run(module: str, *arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", [module, *map(str, arguments)])
        try:
            run_step(importlib.import_module(module).main)
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return run


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Return the file of a LeNet that has learned nothing."""
    untrained = LeNet()
    untrained.initialise(torch.Generator().manual_seed(1))
    preprocessing = Preprocessing(torch.zeros(1, 28, 28), 1 / 32)
    trained = TrainedNetwork("lenet", untrained, preprocessing, "mnist", 10, (1, 28, 28))
    save_networks(tmp_path / "lenet-1.npz", [trained], {})
    return tmp_path / "lenet-1.npz"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def make_fooling_set() -> Callable[..., FoolingSet]:
    """Return a factory of small fooling sets with distinct random images."""
    generator = np.random.default_rng(0)

    def make(
        *, classes=(0, 1, 2), run=0, confidence=0.99995, generation=20, side=28, channels=1, **origin
    ) -> FoolingSet:
        count = len(classes)
        return FoolingSet(
            images=generator.integers(0, 256, (count, channels, side, side)).astype(np.uint8),
            target=np.array(classes, dtype=np.int64),
            log_confidence=np.log(np.broadcast_to(confidence, count)).astype(np.float32),
            generation=np.full(count, generation),
            born=np.full(count, generation),
            run=np.full(count, run),
            origin=small_origin(**origin),
            provenance={},
        )

    return make
