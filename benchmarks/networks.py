"""The networks to measure against; random weights cost the same time as trained ones."""

import torch

from fooling.networks.architectures import build_network
from fooling.networks.classifier import NetworkClassifier
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import CENTRE, Preprocessing

NETWORKS: dict[str, tuple[str, tuple[int, int, int], int | None, int]] = {
    "lenet": ("lenet", (1, 28, 28), None, 10),
    "alexnet": ("torchvision/alexnet", (3, 256, 256), 227, 1000),
    "squeezenet": ("torchvision/squeezenet1_0", (3, 256, 256), 227, 1000),
    "lite0": ("efficientnet-lite0", (3, 256, 256), 224, 1000),
}
"""Architecture, shape of the images that evolve, side of the network's input (None: the same), classes."""
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def build(
    name: str,
    device: torch.device,
    precision: str = "float32",
    views: int = 1,
) -> NetworkClassifier:
    """Return a network of `NETWORKS` with random weights as a classifier of the images that evolve."""
    return NetworkClassifier(untrained(name, views), device, precision=PRECISIONS[precision])


def untrained(name: str, views: int = 1) -> TrainedNetwork:
    """Return a network of `NETWORKS` with random weights."""
    architecture, image_shape, input_size, classes = NETWORKS[name]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network(architecture, classes)
    preprocessing = Preprocessing(torch.full((1, 1, 1), 127.0), 1 / 128, input_size, views if input_size else CENTRE)
    return TrainedNetwork(architecture, network, preprocessing, "none", classes, image_shape)
