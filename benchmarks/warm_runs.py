"""Runs of evolution that have gone on for a while, so that genomes and archive are as they are in earnest."""

import functools
from typing import Literal

import torch
from torch import Tensor

from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding, Population
from fooling.evolution.map_elites import Brood, Evolution
from fooling.evolution.together import advance
from fooling.networks.classifier import NetworkClassifier, log_softmax
from fooling.settings.evolution import CppnSettings, DirectSettings, EvolutionSettings

ENCODINGS = ("cppn", "direct")
GROWTH = 200
"""Generations in which genomes of CPPNs grow, and children in each of them."""
ENDLESS = 10**9


class StandIn:
    """A `Classifier` that costs nothing: ten random linear functions of small images."""

    classes = 10

    def __init__(self, channels: int, device: torch.device) -> None:
        self.image_shape = self.input_shape = (channels, 16, 16)
        self.any_size = False
        self.device = device
        weights = torch.randn(channels * 256, self.classes, generator=torch.Generator().manual_seed(0))
        self._weights = weights.to(device) * 0.01

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        return pixels.flatten(1) @ self._weights

    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`."""
        return log_softmax(self.logits(images.float()))


def warm_run(encoding: str, classifier: NetworkClassifier, population: int, generations: int) -> Evolution:
    """Return a run that has gone on for some generations.

    The genomes of CPPNs have grown before, by selection with a stand-in for the network: they have the size that they
    have late in a run, without its cost.

    Args:
        encoding: one of `ENCODINGS`.
        classifier: the network to fool.
        population: children per generation.
        generations: how long it goes on.
    """
    channels, device = classifier.image_shape[0], classifier.device
    run = start(encoding, classifier.image_shape, classifier.classes, population, device)
    if encoding == "cppn":
        genomes = _grown(channels, population, device)
        images = run.encoding.render(genomes)
        nobody = torch.full((population,), -1, device=device)
        run.judge(Brood(genomes, nobody, images), classifier.log_confidence(images))
    while run.generation < generations:
        advance([run], classifier)
    return run


def start(
    encoding: str,
    image_shape: tuple[int, int, int],
    classes: int,
    population: int,
    device: torch.device,
    *,
    fitness: Literal["float32", "log"] = "float32",
) -> Evolution:
    """Return a run before its initial population."""
    maker: Encoding
    settings: EvolutionSettings
    if encoding == "cppn":
        settings = cppn_settings = CppnSettings(batch=population, generations=ENDLESS, snapshots=[], fitness=fitness)
        maker = CppnEncoding(image_shape, cppn_settings)
    else:
        settings = direct_settings = DirectSettings(
            batch=population, generations=ENDLESS, snapshots=[], fitness=fitness
        )
        maker = DirectEncoding(image_shape, direct_settings)
    return Evolution(maker, classes, settings, torch.Generator(device).manual_seed(0))


def _grown(channels: int, count: int, device: torch.device) -> Population:
    nursery = _nursery(channels, device)
    elites = torch.arange(count, device=device) % StandIn.classes
    generator = torch.Generator(device)
    generator.set_state(nursery.generator.get_state())  # a copy, so that each call gives the same genomes
    return nursery.encoding.mutate(nursery.archive.population.select(elites), GROWTH, generator)


@functools.cache
def _nursery(channels: int, device: torch.device) -> Evolution:
    stand_in = StandIn(channels, device)
    # By exact fitness, since selection must go on to the end.
    nursery = start("cppn", stand_in.image_shape, stand_in.classes, GROWTH, device, fitness="log")
    while nursery.generation < GROWTH:
        advance([nursery], stand_in)
    return nursery
