"""The networks to measure against; random weights cost the same time as trained ones."""

from collections.abc import Callable

import torch
import torchvision
from torch import Tensor, nn

from fooling.classifier import NetworkClassifier
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.training import TrainingSettings

try:
    from efficientnet_lite_pytorch import EfficientNet
except ImportError:
    EfficientNet = None

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class CentreCrop(nn.Module):
    """Cut the middle `size` x `size` pixels out of larger images, as Caffe does."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def forward(self, inputs: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, size, size)."""
        top, left = (inputs.shape[2] - self._size) // 2, (inputs.shape[3] - self._size) // 2
        return inputs[:, :, top : top + self._size, left : left + self._size]


def _lenet() -> tuple[nn.Module, tuple[int, int, int], int]:
    network = LeNet()
    network.initialise(torch.Generator().manual_seed(0))
    return network, (1, 28, 28), 10


def _alexnet() -> tuple[nn.Module, tuple[int, int, int], int]:
    return nn.Sequential(CentreCrop(227), torchvision.models.alexnet(weights=None)), (3, 256, 256), 1000


def _lite0() -> tuple[nn.Module, tuple[int, int, int], int]:
    return nn.Sequential(CentreCrop(224), EfficientNet.from_name("efficientnet-lite0")), (3, 256, 256), 1000


NETWORKS: dict[str, Callable[[], tuple[nn.Module, tuple[int, int, int], int]]] = {"lenet": _lenet, "alexnet": _alexnet}
if EfficientNet is not None:
    NETWORKS["lite0"] = _lite0


def build(name: str, device: torch.device, precision: str = "float32") -> NetworkClassifier:
    """Return a network of `NETWORKS` with random weights as a classifier of the images that evolve."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network, image_shape, classes = NETWORKS[name]()
    preprocessing = Preprocessing(torch.full((1, 1, 1), 127.0), 1 / 128)
    trained = TrainedNetwork(network, preprocessing, TrainingSettings(), 0, classes, image_shape)
    return NetworkClassifier(trained, device, precision=PRECISIONS[precision])
