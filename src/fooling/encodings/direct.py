"""The direct encoding: one gene in [0, 1] per pixel value (paper, section 2.2).

A gene is stored as one of 65,536 evenly spaced numbers, in 16 bits: half the memory of float32, and exact for what a
gene is used for, since 257 neighbours share a grey level. A mutation is rounded to the nearest of them; one in 8,000
rounds to nothing.
"""

import numpy as np
import torch
from torch import Tensor

from fooling.encodings import direct_kernel
from fooling.encodings.counter_random import draw_seeds, uniform
from fooling.encodings.direct_kernel import HIGHEST, LOWEST, STEPS
from fooling.encodings.operators import polynomial_step, simulated_binary_crossover
from fooling.encodings.population import Population
from fooling.settings.evolution import DirectSettings

GENES_AT_ONCE = 2**22
"""Genes that a tensor operation works on at a time: its temporary numbers take up to 100 bytes a gene."""


class DirectEncoding:
    """Genomes are tensors `genes`, int16 (N, C, H, W); g stands for (g + 32768) / 65535, in [0, 1].

    Args:
        image_shape: (C, H, W) of the images.
        settings: rates and distribution indices.
    """

    def __init__(self, image_shape: tuple[int, int, int], settings: DirectSettings) -> None:
        self._image_shape = image_shape
        self._settings = settings

    def random(self, count: int, generator: torch.Generator) -> Population:
        """See `Encoding.random`: every gene is uniform."""
        shape, device = (count, *self._image_shape), generator.device
        genes = torch.randint(LOWEST, HIGHEST + 1, shape, generator=generator, dtype=torch.int16, device=device)
        return Population({"genes": genes})

    def mutate(self, parents: Population, generation: int, generator: torch.Generator) -> Population:
        """See `Encoding.mutate`: crossover if the settings ask for it, then polynomial mutation."""
        settings = self._settings
        seeds = draw_seeds(len(parents), generator)
        genes = parents.tensors["genes"].flatten(1).clone()
        if settings.crossover_rate > 0:
            _cross(genes, seeds, settings)
        rate = mutation_rate(settings, generation)
        if genes.device.type == "cpu":
            direct_kernel.mutate(genes.numpy(), seeds.numpy(), np.float32(rate), settings.mutation_eta)
        else:
            mutate_with_tensors(genes, seeds, rate, settings.mutation_eta)
        return Population({"genes": genes.view(-1, *self._image_shape)})

    def holds(self, population: Population) -> bool:
        """See `Encoding.holds`."""
        genes = population.tensors.get("genes")
        if genes is None or len(population.tensors) > 1:
            return False
        return genes.dtype == torch.int16 and genes.ndim == 4 and genes.shape[1:] == self._image_shape

    def render(self, population: Population) -> Tensor:
        """See `Encoding.render`: genes times 255, truncated."""
        genes = population.tensors["genes"]
        levels = torch.empty(genes.shape, dtype=torch.uint8, device=genes.device)
        if genes.device.type == "cpu":
            direct_kernel.render(genes.flatten().numpy(), levels.flatten().numpy())
        else:
            render_with_tensors(genes, levels)
        return levels


def mutate_with_tensors(genes: Tensor, seeds: Tensor, rate: float, eta: float) -> None:
    """Mutate genomes, int16 (N, G), in place on any device; `seeds` is int64 (N,)."""
    counters = torch.arange(genes.shape[1], device=genes.device)
    rows = max(1, GENES_AT_ONCE // genes.shape[1])
    for part, seed in zip(genes.split(rows), seeds[:, None].split(rows), strict=True):
        mutates = uniform(seed, 2 * counters) < rate
        steps = (polynomial_step(uniform(seed, 2 * counters + 1), eta) * STEPS).round()
        part.copy_(torch.where(mutates, (part + steps).clamp(LOWEST, HIGHEST), part))


def render_with_tensors(genes: Tensor, levels: Tensor) -> None:
    """Write the grey levels, uint8, of genes, int16 of the same shape (N, ...), on any device."""
    rows = max(1, GENES_AT_ONCE // max(1, genes[:1].numel()))
    for part, level in zip(genes.split(rows), levels.split(rows), strict=True):
        level.copy_((part.int() - LOWEST) // (STEPS // 255))


def _cross(genes: Tensor, seeds: Tensor, settings: DirectSettings) -> None:
    """Replace pairs of genomes, int16 (N, G), by their children; each pair's first seed, int64 (N,), decides."""
    # Parents are drawn independently, so neighbours in the batch are as good as drawn mates.
    pairs = len(genes) // 2
    counters = -1 - torch.arange(genes.shape[1], device=genes.device)
    rows = max(1, GENES_AT_ONCE // genes.shape[1])
    both = genes[: 2 * pairs].unflatten(0, (pairs, 2))
    for mates, seed in zip(both.split(rows), seeds[0 : 2 * pairs : 2, None].split(rows), strict=True):
        crosses = uniform(seed, -1 - genes.shape[1]) < settings.crossover_rate
        first, second = ((mates.float() - LOWEST) / STEPS).unbind(1)
        children = simulated_binary_crossover(first, second, uniform(seed, counters), settings.crossover_eta)
        crossed = (torch.stack(children, dim=1) * STEPS).round() + LOWEST
        mates.copy_(torch.where(crosses[:, None], crossed, mates))


def mutation_rate(settings: DirectSettings, generation: int) -> float:
    """Return the probability that a gene mutates in a generation; it halves every so many generations."""
    if settings.halving_generations == 0:
        return settings.mutation_rate
    return settings.mutation_rate * 0.5 ** (generation // settings.halving_generations)
