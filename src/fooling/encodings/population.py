"""A population: a struct of tensors with one row per individual."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Population:
    """Genomes as named tensors whose first dimension counts the individuals.

    Attributes:
        tensors: what the names and types are, is the encoding's business.
    """

    tensors: Mapping[str, Tensor]

    def __len__(self) -> int:
        return len(next(iter(self.tensors.values())))

    def select(self, rows: Tensor) -> "Population":
        """Return the individuals at `rows`, int64 (M,), as a copy."""
        return Population({name: tensor.index_select(0, rows) for name, tensor in self.tensors.items()})

    def replace(self, rows: Tensor, others: "Population") -> None:
        """Overwrite the individuals at `rows`, int64 (M,), with the M `others`."""
        for name, tensor in self.tensors.items():
            tensor.index_copy_(0, rows, others.tensors[name])


class Encoding(Protocol):
    """How images are written as genomes. An encoding knows no classifier."""

    def random(self, count: int, generator: torch.Generator) -> Population:
        """Return `count` random genomes on the generator's device."""
        ...

    def mutate(self, parents: Population, generation: int, generator: torch.Generator) -> Population:
        """Return one child for each parent; `generation` counts from 1."""
        ...

    def holds(self, population: Population) -> bool:
        """Tell whether these are genomes of this encoding, sound enough to be mutated and rendered."""
        ...

    def render(self, population: Population) -> Tensor:
        """Return the phenotypes: images, uint8 (N, C, H, W), on the population's device."""
        ...
