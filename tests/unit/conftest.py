from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from chromium import CHROMIUM, Browser

from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork, save_networks
from fooling.networks.preprocessing import Preprocessing


@pytest.fixture(params=["cpu", "cuda"])
def device(request: pytest.FixtureRequest) -> torch.device:
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no GPU")
    return torch.device(request.param)


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
