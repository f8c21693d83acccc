from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from fooling.detection.detectors import fit_detector
from fooling.detection.observer import Observer
from fooling.errors import FoolingError
from fooling.networks.network_file import TrainedNetwork, load_network
from fooling.networks.preprocessing import TEN_CROPS, Preprocessing


class PooledAfterwards(nn.Module):
    """A network whose last layer is a convolution, as SqueezeNet's is."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Conv2d(1, 3, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.last(inputs).mean(dim=(2, 3))


class ScaledAfterwards(nn.Sequential):
    """A network whose last linear layer does not make the logits alone."""

    def __init__(self) -> None:
        super().__init__(nn.Flatten(), nn.Linear(64, 3))

    def forward(self, inputs: Tensor) -> Tensor:
        return 10 * super().forward(inputs)


def trained(network: nn.Module, **changed) -> TrainedNetwork:
    preprocessing = Preprocessing(torch.zeros(1, 8, 8), 1 / 255)
    return replace(TrainedNetwork("other", network, preprocessing, "shapes", 3, (1, 8, 8)), **changed)


def images(side: int, count: int = 250) -> Tensor:
    return torch.randint(0, 256, (count, 1, side, side), dtype=torch.uint8)


def test_logits_and_features_are_those_of_the_classifier(network: Path, device: torch.device) -> None:
    observer = Observer(load_network(network), "lenet-1", device)
    seen = observer(images(28))
    classifier = observer.classifier
    torch.testing.assert_close(seen.logits, classifier.logits(seen.images.float()), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(seen.features, classifier.features(seen.images))


@pytest.mark.parametrize("kind", [PooledAfterwards, ScaledAfterwards])
def test_a_network_whose_features_do_not_make_the_logits_gives_none(kind: type[nn.Module]) -> None:
    observer = Observer(trained(kind()), "mine", torch.device("cpu"))
    seen = observer(images(8))
    assert seen.features is None
    torch.testing.assert_close(seen.logits, observer.classifier.logits(seen.images.float()))
    fit_detector("energy", observer).scores(seen)
    for name in ("mahalanobis", "ash"):
        with pytest.raises(FoolingError, match=f"{name} needs features of which a linear layer .* mine has none"):
            fit_detector(name, observer)


def test_networks_that_detectors_do_not_know_are_told() -> None:
    with pytest.raises(FoolingError, match="mine has a class of fooling images"):
        Observer(trained(ScaledAfterwards(), fooling_rounds=1), "mine", torch.device("cpu"))
    ten = Preprocessing(torch.zeros(1, 8, 8), 1 / 255, input_size=8, views=TEN_CROPS)
    with pytest.raises(FoolingError, match="mine judges 10 views"):
        Observer(trained(ScaledAfterwards(), preprocessing=ten), "mine", torch.device("cpu"))


def test_no_numbers_are_told() -> None:
    broken = ScaledAfterwards()
    with torch.no_grad():
        broken[1].bias[0] = torch.nan
    with pytest.raises(FoolingError, match="gives no numbers"):
        Observer(trained(broken), "mine", torch.device("cpu"))
