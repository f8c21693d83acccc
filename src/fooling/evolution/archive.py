"""The archive of MAP-Elites with one cell per class: every child competes in every cell (paper, section 2.2)."""

from dataclasses import dataclass

import torch
from torch import Tensor

from fooling.encodings.population import Population

COPIED_AT_ONCE = 128
"""Genomes on their way into the archive at a time."""


@dataclass(frozen=True)
class Replacements:
    """Who came from whom: one row for each elite that was replaced, int64 (R,) each.

    Attributes:
        cell: the cell (class) that changed hands.
        individual: the new elite's number.
        parent: its parent's number, or -1 in the initial population.
        parent_cell: the cell its parent was drawn from, or -1.
    """

    cell: Tensor
    individual: Tensor
    parent: Tensor
    parent_cell: Tensor


@dataclass
class Archive:
    """One elite per cell, as a struct of tensors on one device.

    Attributes:
        population: the elites' genomes, one row per cell; that of an empty cell means nothing.
        fitness: float32 (cells,), -inf for an empty cell.
        individual: int64 (cells,), the elite's number, or -1. Individuals are numbered through the run:
            generation * batch + position in the batch.
    """

    population: Population
    fitness: Tensor
    individual: Tensor

    @classmethod
    def empty(cls, cells: int, template: Population) -> "Archive":
        """Return an archive of empty cells for genomes like the first one of `template`."""
        device = next(iter(template.tensors.values())).device
        return cls(
            population=template.select(torch.zeros(cells, dtype=torch.int64, device=device)),
            fitness=torch.full((cells,), -torch.inf, device=device),
            individual=torch.full((cells,), -1, device=device),
        )

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw `count` occupied cells uniformly with replacement: int64 (count,).

        An elite that holds several cells is drawn in proportion.
        """
        occupied = (self.individual >= 0).nonzero()[:, 0]
        drawn = torch.randint(len(occupied), (count,), generator=generator, device=generator.device)
        return occupied.index_select(0, drawn)

    def challenge(self, children: Population, fitness: Tensor, first: int, parent_cells: Tensor) -> Replacements:
        """Let every child compete in every cell; a strictly fitter one takes it, a tie keeps the elite.

        Of several equally fit children the first takes the cell.

        Args:
            children: N genomes.
            fitness: float32 (N, cells).
            first: number of the first child; the others follow.
            parent_cells: int64 (N,), the cells their parents were drawn from, or -1 for no parent.
        """
        best = fitness.amax(dim=0)
        cell = (best > self.fitness).nonzero()[:, 0]
        if len(cell) == 0:  # as most generations late in a run
            return Replacements(cell, cell, cell, cell)
        child = fitness.index_select(1, cell).argmax(dim=0)  # the first of equals
        individual = first + child
        parent_cell = parent_cells.index_select(0, child)
        parent = torch.where(parent_cell >= 0, self.individual.index_select(0, parent_cell.clamp(min=0)), -1)
        # Part by part, since one batch may bring a new elite to every cell.
        for cells, rows in zip(cell.split(COPIED_AT_ONCE), child.split(COPIED_AT_ONCE), strict=True):
            self.population.replace(cells, children.select(rows))
        self.fitness.index_copy_(0, cell, best.index_select(0, cell))
        self.individual.index_copy_(0, cell, individual)
        return Replacements(cell, individual, parent, parent_cell)
