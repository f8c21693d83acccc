"""What happened in a run, generation by generation: confidences, replacements, and who came from whom.

On a GPU, recording only collects tensors; they are summarised when somebody asks. On a CPU, each generation is
summarised at once: small tensors that live long, among large ones that do not, would scatter the memory of the latter.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from fooling.artifacts.elites import LINEAGE
from fooling.evolution.archive import Replacements
from fooling.evolution.goal_switch import goal_switches

STATISTICS = ("median_confidence", "mean_confidence", "min_confidence", "max_confidence")


def is_kept(generation: int) -> bool:
    """Return whether each class's confidence is kept: up to generation 256 always, then every second up to 512, ..."""
    return generation % (1 << max(0, generation.bit_length() - 8)) == 0


class Rows:
    """Rows that are added to an array whose room doubles, so that it seldom moves.

    Args:
        shape: of one row.
        dtype: of its numbers.
    """

    def __init__(self, shape: tuple[int, ...], dtype: type[np.generic]) -> None:
        self._room = np.empty((64, *shape), dtype)
        self._count = 0

    def add(self, rows: np.ndarray) -> None:
        """Add rows, (N, ...), at the end."""
        count = self._count + len(rows)
        if count > len(self._room):
            larger = np.empty((max(count, 2 * len(self._room)), *self._room.shape[1:]), self._room.dtype)
            larger[: self._count] = self._room[: self._count]
            self._room = larger
        self._room[self._count : count] = rows
        self._count = count

    def all(self) -> np.ndarray:
        """Return the rows so far, a view of (count, ...)."""
        return self._room[: self._count]


class History:
    """The record of a run.

    Args:
        batch: children per generation.
        cells: of the archive.
    """

    def __init__(self, batch: int, cells: int) -> None:
        self._batch = batch
        self._statistics = Rows((len(STATISTICS),), np.float64)
        self._lineage = Rows((len(LINEAGE),), np.int64)
        self._log_confidences = Rows((cells,), np.float16)
        self._pending: list[tuple[int, Tensor, Replacements]] = []

    def record(self, generation: int, confidence: Tensor, replacements: Replacements) -> None:
        """Add a generation.

        Args:
            generation: its number.
            confidence: of the elites in their cells' classes, float (cells,) in [0, 1].
            replacements: the elites that are new.
        """
        self._pending.append((generation, confidence.clone(), replacements))
        if confidence.device.type == "cpu":
            self._summarise()

    def _summarise(self) -> None:
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        values = torch.stack([confidence for _, confidence, _ in pending]).cpu().numpy().astype(np.float64)
        self._statistics.add(_statistics(values))
        kept = values[[is_kept(generation) for generation, _, _ in pending]]
        self._log_confidences.add(np.log(np.maximum(kept, np.finfo(np.float64).tiny)))
        # Late in a run hardly any generation replaces an elite.
        changes = [(generation, new) for generation, _, new in pending if len(new.cell) > 0]
        if changes:
            repeated = np.repeat([generation for generation, _ in changes], [len(new.cell) for _, new in changes])
            columns = [torch.cat([getattr(new, name) for _, new in changes]) for name in LINEAGE[1:]]
            self._lineage.add(np.stack([repeated, *(column.cpu().numpy() for column in columns)], axis=1))

    def lineage(self) -> dict[str, np.ndarray]:
        """Return who came from whom: the columns of `LINEAGE`, int64, one row per replaced elite."""
        self._summarise()
        return dict(zip(LINEAGE, self._lineage.all().T, strict=True))

    def table(self) -> dict[str, np.ndarray]:
        """Return one row per generation.

        Columns: generation; evaluations so far; median, mean, min and max confidence over the cells, float64;
        replacements; goal_switches, the replacements whose parent was drawn from another cell.
        """
        lineage = self.lineage()
        statistics = self._statistics.all()
        generations = np.arange(len(statistics))
        switched = goal_switches(lineage["cell"], lineage["parent_cell"])
        return {
            "generation": generations,
            "evaluations": (generations + 1) * self._batch,
            **dict(zip(STATISTICS, statistics.T, strict=True)),
            "replacements": np.bincount(lineage["generation"], minlength=len(generations)),
            "goal_switches": np.bincount(lineage["generation"][switched], minlength=len(generations)),
        }

    def classes(self) -> dict[str, np.ndarray]:
        """Return how each class fared: the kept generations, int64 (K,), and log_confidence, float16 (K, cells)."""
        self._summarise()
        generations = [generation for generation in range(len(self._statistics.all())) if is_kept(generation)]
        return {"generation": np.array(generations), "log_confidence": self._log_confidences.all()}

    def state(self) -> dict[str, np.ndarray]:
        """Return all that a checkpoint needs."""
        lineage = self.lineage()
        return {"statistics": self._statistics.all(), "log_confidences": self._log_confidences.all(), **lineage}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over a checkpoint's state, in a record without generations."""
        self._statistics.add(state["statistics"])
        self._lineage.add(np.stack([state[name] for name in LINEAGE], axis=1))
        self._log_confidences.add(state["log_confidences"])


def _statistics(values: np.ndarray) -> np.ndarray:
    """Return the `STATISTICS` of each row of float64 (N, cells): (N, 4). One sorting is quicker than NumPy's median."""
    ordered = np.sort(values, axis=1)
    cells = values.shape[1]
    median = (ordered[:, (cells - 1) // 2] + ordered[:, cells // 2]) / 2
    return np.stack([median, values.mean(axis=1), ordered[:, 0], ordered[:, -1]], axis=1)


def table_of_runs(seeds: Sequence[int], histories: Sequence[History]) -> dict[str, np.ndarray]:
    """Return the tables of several runs, one after the other, after a column `run` with the seeds, int64.

    Args:
        seeds: of the runs.
        histories: of the runs, in the same order; one or more.
    """
    tables = [history.table() for history in histories]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    return {"run": np.repeat(seeds, [len(table["generation"]) for table in tables]), **columns}
