"""The direct encoding: one gene in [0, 1] per pixel value (paper, section 2.2)."""

import numpy as np
import torch
from torch import Tensor

from fooling.encodings.counter_random import draw_seeds, uniform
from fooling.encodings.direct_kernel import mutate
from fooling.encodings.operators import polynomial_step, simulated_binary_crossover
from fooling.encodings.population import Population
from fooling.settings.evolution import DirectSettings


class DirectEncoding:
    """Genomes are tensors `genes`, float32 (N, C, H, W) in [0, 1].

    Args:
        image_shape: (C, H, W) of the images.
        settings: rates and distribution indices.
    """

    def __init__(self, image_shape: tuple[int, int, int], settings: DirectSettings) -> None:
        self._image_shape = image_shape
        self._settings = settings

    def random(self, count: int, generator: torch.Generator) -> Population:
        """See `Encoding.random`: every gene is uniform."""
        shape = (count, *self._image_shape)
        return Population({"genes": torch.rand(shape, generator=generator, device=generator.device)})

    def mutate(self, parents: Population, generation: int, generator: torch.Generator) -> Population:
        """See `Encoding.mutate`: crossover if the settings ask for it, then polynomial mutation."""
        settings = self._settings
        seeds = draw_seeds(len(parents), generator)
        genes = parents.tensors["genes"].flatten(1)
        genes = self._crossed(genes, seeds[:, None]) if settings.crossover_rate > 0 else genes.clone()
        rate = mutation_rate(settings, generation)
        if genes.device.type == "cpu":
            mutate(genes.numpy(), seeds.numpy(), np.float32(rate), settings.mutation_eta)
        else:
            genes = mutate_with_tensors(genes, seeds, rate, settings.mutation_eta)
        return Population({"genes": genes.view(-1, *self._image_shape)})

    def _crossed(self, genes: Tensor, seeds: Tensor) -> Tensor:
        # Parents are drawn independently, so neighbours in the batch are as good as drawn mates.
        pairs = len(genes) // 2 * 2
        first, second = genes[0:pairs:2], genes[1:pairs:2]
        pair_seeds = seeds[0:pairs:2]
        counters = -1 - torch.arange(genes.shape[1], device=genes.device)
        children = simulated_binary_crossover(
            first, second, uniform(pair_seeds, counters), self._settings.crossover_eta
        )
        crosses = uniform(pair_seeds, -1 - genes.shape[1]) < self._settings.crossover_rate
        crossed = genes.clone()
        crossed[0:pairs:2] = torch.where(crosses, children[0], first)
        crossed[1:pairs:2] = torch.where(crosses, children[1], second)
        return crossed

    def render(self, population: Population) -> Tensor:
        """See `Encoding.render`: genes times 255, truncated."""
        return (population.tensors["genes"] * 255).to(torch.uint8)


def mutate_with_tensors(genes: Tensor, seeds: Tensor, rate: float, eta: float) -> Tensor:
    """Return mutated genomes on any device; `genes` is float32 (N, G), `seeds` int64 (N,)."""
    counters = torch.arange(genes.shape[1], device=genes.device)
    mutates = uniform(seeds[:, None], 2 * counters) < rate
    steps = polynomial_step(uniform(seeds[:, None], 2 * counters + 1), eta)
    return torch.where(mutates, (genes + steps).clamp(0, 1), genes)


def mutation_rate(settings: DirectSettings, generation: int) -> float:
    """Return the probability that a gene mutates in a generation; it halves every so many generations."""
    if settings.halving_generations == 0:
        return settings.mutation_rate
    return settings.mutation_rate * 0.5 ** (generation // settings.halving_generations)
