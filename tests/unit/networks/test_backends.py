"""What every backend of the classifier must hold to; torch's own float32 is the reference."""

import sys

import numpy as np
import pytest
import torch
from torch import nn

from fooling.errors import FoolingError
from fooling.networks.architectures import build_network, last_linear
from fooling.networks.classifier import NetworkClassifier, classifier_of
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.openvino_forward import OpenVinoForward
from fooling.networks.preprocessing import Preprocessing

CPU = torch.device("cpu")
BACKENDS = ("torch", "openvino")


def images(count: int, shape: tuple[int, ...]) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randint(256, (count, *shape), generator=generator, dtype=torch.uint8)


def trained(architecture: str, size: int, channels: int = 3, views: int = 1) -> TrainedNetwork:
    """Return a network with random weights, the last of them so large that confidences reach down to 1e-15."""
    torch.manual_seed(1)
    network = build_network(architecture, 10)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(module.weight)
    input_size = size if views == 1 else size - 8
    preprocessing = Preprocessing(torch.full((channels, 1, 1), 120.0), 1 / 60, input_size, views)
    made = TrainedNetwork(architecture, network.eval(), preprocessing, "d", 10, (channels, size, size))
    with torch.no_grad():
        logits = network(preprocessing(images(4, made.image_shape).float()))
        last = last_linear(network)
        for parameter in last.parameters():
            parameter.mul_(35 / (logits.amax(dim=1) - logits.amin(dim=1)).max())
    return made


NETWORKS = {
    "lenet": lambda: trained("lenet", 28, 1),
    "squeezenet": lambda: trained("torchvision/squeezenet1_0", 64),
    "mobilenet": lambda: trained("torchvision/mobilenet_v2", 64),
    "ten views": lambda: trained("torchvision/squeezenet1_0", 64, views=10),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_it_agrees_with_torch_from_certainty_to_a_millionth_of_a_millionth(backend: str, name: str) -> None:
    network = NETWORKS[name]()
    seen = images(11, network.image_shape)
    expected = NetworkClassifier(network, CPU, batch_size=1).log_confidence(seen)
    found = NetworkClassifier(network, CPU, batch_size=4, backend=backend).log_confidence(seen)
    assert expected.min() < np.log(1e-12)
    assert expected.max() > np.log(0.9)
    telling = expected > np.log(1e-12)
    assert (found - expected).abs()[telling].max() <= 1e-4
    assert (found.exp() - expected.exp()).abs().max() <= 1e-5


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("count", [0, 1, 4, 13])
def test_the_bytes_do_not_depend_on_the_threads(backend: str, count: int) -> None:
    network = NETWORKS["squeezenet"]()
    seen = images(count, network.image_shape)
    alone, several = (
        NetworkClassifier(network, CPU, batch_size=4, backend=backend, threads=threads) for threads in (1, 3)
    )
    expected = alone.log_confidence(seen)
    assert expected.shape == (count, 10)
    for _ in range(2):
        assert torch.equal(several.log_confidence(seen), expected)
    assert torch.equal(alone.log_confidence(seen), expected)


def test_openvino_gives_an_image_the_same_score_wherever_it_stands() -> None:
    network = NETWORKS["squeezenet"]()
    seen = images(5, network.image_shape)
    classifier = NetworkClassifier(network, CPU, batch_size=4, backend="openvino")
    assert torch.equal(classifier.log_confidence(seen.flip(0)).flip(0), classifier.log_confidence(seen))


def test_logits_remain_differentiable_whatever_the_backend() -> None:
    network = NETWORKS["lenet"]()
    pixels = images(2, network.image_shape).float().requires_grad_()
    gradients = [
        torch.autograd.grad(NetworkClassifier(network, CPU, backend=backend).logits(pixels)[:, 3].sum(), pixels)[0]
        for backend in BACKENDS
    ]
    assert gradients[0].abs().max() > 0
    assert torch.equal(*gradients)


def test_an_ensemble_goes_through_openvino() -> None:
    network = trained("torchvision/squeezenet1_0", 64)
    members = [network, trained("torchvision/mobilenet_v2", 64)]
    seen = images(3, network.image_shape)
    by_torch, by_openvino = (classifier_of(members, CPU, backend=backend).log_confidence(seen) for backend in BACKENDS)
    torch.testing.assert_close(by_openvino, by_torch, atol=1e-4, rtol=1e-5)


class Spectrum(nn.Module):
    """Nothing that OpenVINO knows."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.linalg.eigvals(inputs[:, 0, :10, :10]).real


def test_a_network_that_openvino_cannot_translate_is_told_by_its_operation() -> None:
    with pytest.raises(
        FoolingError, match=r"OpenVINO cannot translate this network .*linalg_eigvals.*backend to torch"
    ):
        OpenVinoForward(Spectrum(), (1, 1, 28, 28))


def test_openvino_on_a_gpu_is_told() -> None:
    with pytest.raises(FoolingError, match="OpenVINO computes on CPUs; set the experiment's backend to torch"):
        NetworkClassifier(NETWORKS["lenet"](), torch.device("meta"), backend="openvino", batch_size=1)


def test_a_missing_openvino_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(FoolingError, match=r"OpenVINO is not installed; install fooling\[openvino\]"):
        OpenVinoForward(nn.Identity(), (1, 1, 28, 28))
