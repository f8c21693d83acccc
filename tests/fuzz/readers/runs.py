"""Short runs of evolution, against a classifier that takes no time."""

import torch

from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import advance
from fooling.networks.classifier import log_softmax
from fooling.settings.evolution import CppnSettings, DirectSettings, EvolutionSettings

SHAPE, CLASSES = (1, 6, 6), 3
CPU = torch.device("cpu")


class Judge:
    """A classifier that takes no time."""

    classes, image_shape, input_shape, any_size, device = CLASSES, SHAPE, SHAPE, False, CPU
    _weights = torch.linspace(-1, 1, 36 * CLASSES).view(36, CLASSES).sin()

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.flatten(1) @ self._weights / 255

    def log_confidence(self, images: torch.Tensor) -> torch.Tensor:
        return log_softmax(self.logits(images.float()))


ENCODINGS: dict[str, Encoding] = {
    "cppn": CppnEncoding(SHAPE, CppnSettings(max_hidden_nodes=6, max_connections=14)),
    "direct": DirectEncoding(SHAPE, DirectSettings()),
}
GENERATIONS = EvolutionSettings(generations=6, batch=5, snapshots=[0, 2])


def begin(encoding: Encoding) -> Evolution:
    return Evolution(encoding, CLASSES, GENERATIONS, torch.Generator().manual_seed(1))


def evolve(encoding: Encoding, generations: int = 5) -> Evolution:
    run = begin(encoding)
    for _ in range(generations):
        advance([run], Judge())
    return run
