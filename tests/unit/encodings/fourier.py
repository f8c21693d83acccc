"""A third encoding, written as docs/contributing.md describes: a genome holds the coefficients of a few fixed waves."""

import math

import torch
from torch import Tensor

from fooling.encodings.counter_random import draw_seeds, uniform
from fooling.encodings.operators import polynomial_step
from fooling.encodings.population import Population

RATE, ETA = 0.1, 15.0


class FourierEncoding:
    """Genomes are tensors `coefficients`, float32 (N, C, frequencies ** 2), each in [-1, 1]."""

    def __init__(self, image_shape: tuple[int, int, int], frequencies: int = 6) -> None:
        channels, height, width = image_shape
        y, x = ((torch.arange(side) + 0.5) * math.pi / side for side in (height, width))
        self._waves = [
            torch.outer((v * y).cos(), (u * x).cos()) for v in range(frequencies) for u in range(frequencies)
        ]
        self._genome_shape = (channels, frequencies**2)

    def random(self, count: int, generator: torch.Generator) -> Population:
        genes = torch.rand(count, *self._genome_shape, generator=generator, device=generator.device)
        return Population({"coefficients": 2 * genes - 1})

    def mutate(self, parents: Population, _generation: int, generator: torch.Generator) -> Population:
        genes = parents.tensors["coefficients"]
        seeds = draw_seeds(len(parents), generator)[:, None, None]
        counters = torch.arange(math.prod(self._genome_shape), device=genes.device).view(self._genome_shape)
        steps = polynomial_step(uniform(seeds, 2 * counters + 1), ETA)
        mutated = (genes + 2 * steps).clamp(-1, 1)
        return Population({"coefficients": torch.where(uniform(seeds, 2 * counters) < RATE, mutated, genes)})

    def holds(self, population: Population) -> bool:
        genes = population.tensors.get("coefficients")
        if genes is None or len(population.tensors) > 1 or genes.dtype != torch.float32:
            return False
        return genes.shape[1:] == self._genome_shape and bool((genes.abs() <= 1).all())

    def render(self, population: Population) -> Tensor:
        genes = population.tensors["coefficients"][..., None, None]
        # One wave after the other: a sum in another order could round another way.
        level = sum(genes[:, :, number] * wave.to(genes.device) for number, wave in enumerate(self._waves))
        return ((0.5 + level / len(self._waves) ** 0.5).clamp(0, 1) * 255).to(torch.uint8)
