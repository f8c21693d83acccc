"""Who came from whom in a run of evolution: goal switches and ancestries (paper, section 2.2).

A child competes in every class, so an elite of one class may be the parent of another class's next elite.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from fooling.artifacts.elites import Elites, load_elites
from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import EvolutionOrigin
from fooling.errors import FoolingError
from fooling.evolution.goal_switch import goal_switches


@dataclass(frozen=True)
class Lineage:
    """The record of a run: one row for each replaced elite, in the order of the generations, int64 (R,) each.

    Attributes:
        generation: when it was replaced; the new elite is born then.
        cell: the class that changed hands.
        individual: the new elite's number.
        parent: its parent's number, or -1 in the initial population.
        parent_cell: the class its parent was drawn from, or -1.
        elites: int64 (cells,), the number of each class's last elite, or -1.
        run: the seed of the run.
        origin: method, network, dataset and scale, as in the run's fooling set.
    """

    generation: np.ndarray
    cell: np.ndarray
    individual: np.ndarray
    parent: np.ndarray
    parent_cell: np.ndarray
    elites: np.ndarray
    run: int
    origin: EvolutionOrigin

    @cached_property
    def replaced(self) -> np.ndarray:
        """The number of the elite that each row replaced, int64 (R,); -1 where the cell was empty."""
        order = np.argsort(self.cell, kind="stable")
        same_cell = self.cell[order][1:] == self.cell[order][:-1]
        before = np.full(len(order), -1)
        before[order[1:][same_cell]] = self.individual[order[:-1][same_cell]]
        return before

    @cached_property
    def later(self) -> np.ndarray:
        """Which rows come after the initial population, bool (R,)."""
        return self.parent >= 0

    @cached_property
    def switched(self) -> np.ndarray:
        """Which rows are goal switches, bool (R,): the parent was drawn from another class."""
        return goal_switches(self.cell, self.parent_cell)

    @cached_property
    def conquered(self) -> np.ndarray:
        """Which rows are goal switches in the strict sense, bool (R,): the parent did not even hold this class as well.

        An elite that holds many classes is mostly drawn from one and improved upon in another.
        """
        return self.later & (self.parent != self.replaced)

    @cached_property
    def parent_row(self) -> np.ndarray:
        """The row by which each row's parent took the class it was drawn from, int64 (R,); -1 where there is none.

        Raises:
            FoolingError: a parent never took that class in an earlier generation.
        """
        cells = 1 + max(self.cell.max(initial=0), self.parent_cell.max(initial=0))
        key, wanted = self.individual * cells + self.cell, self.parent * cells + self.parent_cell
        order = np.argsort(key, kind="stable")
        place = np.searchsorted(key[order], wanted).clip(max=max(len(order) - 1, 0))
        row = order[place]
        known = (key[row] == wanted) & (self.generation[row] < self.generation)
        if (self.later & ~known).any():
            raise FoolingError("A lineage names parents that were never elites; make that run again.")
        return np.where(self.later, row, -1)

    def holders(self, generation: int) -> np.ndarray:
        """Return the row of each class's elite after `generation`, int64 (cells,); -1 for an empty cell."""
        rows = np.full(len(self.elites), -1)
        until = np.searchsorted(self.generation, generation, side="right")
        rows[self.cell[:until]] = np.arange(until)  # of equal cells the last assignment stays
        return rows

    def ancestry(self, cell: int) -> np.ndarray:
        """Return the rows from the initial population to the last elite of `cell`, int64 (length,).

        Each names the class that the ancestor was drawn from as a parent; the last one names `cell`.

        Raises:
            FoolingError: nothing ever held that cell, or see `parent_row`.
        """
        row = int(self.holders(int(self.generation.max(initial=0)))[cell])
        if row < 0:
            raise FoolingError(f"Class {cell} has no elite in this run, hence no ancestry; choose another.")
        rows = []
        while row >= 0:
            rows.append(row)
            row = int(self.parent_row[row])
        return np.array(rows[::-1])


def lineage_of(elites: Elites) -> Lineage:
    """Return the lineage of a run from its elites' file."""
    return Lineage(**elites.lineage, elites=elites.individual, run=elites.run, origin=elites.origin)


def load_lineage(path: Path) -> Lineage:
    """Read the lineage in a file of elites.

    Raises:
        FoolingError: see `load_elites`.
    """
    return lineage_of(load_elites(path))


def find_images(lineage: Lineage, fooling_set: FoolingSet) -> dict[int, int]:
    """Return where an elite's image is known: individual -> row of the fooling set of the same run.

    Known are those that held a class in one of the set's generations; of several rows the last is given.

    Raises:
        FoolingError: the set is of another run.
    """
    rows = np.full(len(fooling_set), -1)
    for generation in np.unique(fooling_set.generation).tolist():
        there = fooling_set.generation == generation
        target = fooling_set.target[there]
        if target.max() < len(lineage.elites):
            rows[there] = lineage.holders(generation)[target]
    if (rows < 0).any() or not np.array_equal(lineage.generation[rows], fooling_set.born):
        raise FoolingError("The fooling set and the elites are of different runs; give those of one run.")
    return dict(zip(lineage.individual[rows].tolist(), range(len(rows)), strict=True))
