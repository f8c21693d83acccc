"""What happened in a run, generation by generation: confidences, replacements, and who came from whom.

Recording only collects tensors on their device; they are summarised when somebody asks.
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


class History:
    """The record of a run.

    Args:
        batch: children per generation.
    """

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._statistics = np.empty((0, len(STATISTICS)))
        self._lineage = np.empty((len(LINEAGE), 0), dtype=np.int64)
        self._log_confidences: list[np.ndarray] = []
        self._pending: list[tuple[int, Tensor, Replacements]] = []

    def record(self, generation: int, confidence: Tensor, replacements: Replacements) -> None:
        """Add a generation.

        Args:
            generation: its number.
            confidence: of the elites in their cells' classes, float (cells,) in [0, 1].
            replacements: the elites that are new.
        """
        self._pending.append((generation, confidence.clone(), replacements))

    def _summarise(self) -> None:
        if not self._pending:
            return
        generations, confidences, replacements = zip(*self._pending, strict=True)
        self._pending = []
        values = torch.stack(confidences).cpu().numpy().astype(np.float64)
        statistics = np.stack([f(values, axis=1) for f in (np.median, np.mean, np.min, np.max)], axis=1)
        self._statistics = np.concatenate([self._statistics, statistics])
        kept = values[[is_kept(generation) for generation in generations]]
        self._log_confidences += list(np.log(np.maximum(kept, np.finfo(np.float64).tiny)).astype(np.float16))
        repeated = np.repeat(generations, [len(new.cell) for new in replacements])
        columns = [torch.cat([getattr(new, name) for new in replacements]) for name in LINEAGE[1:]]
        self._lineage = np.hstack([self._lineage, np.stack([repeated, *(column.cpu().numpy() for column in columns)])])

    def lineage(self) -> dict[str, np.ndarray]:
        """Return who came from whom: the columns of `LINEAGE`, int64, one row per replaced elite."""
        self._summarise()
        return dict(zip(LINEAGE, self._lineage, strict=True))

    def table(self) -> dict[str, np.ndarray]:
        """Return one row per generation.

        Columns: generation; evaluations so far; median, mean, min and max confidence over the cells, float64;
        replacements; goal_switches, the replacements whose parent was drawn from another cell.
        """
        lineage = self.lineage()
        generations = np.arange(len(self._statistics))
        switched = goal_switches(lineage["cell"], lineage["parent_cell"])
        return {
            "generation": generations,
            "evaluations": (generations + 1) * self._batch,
            **dict(zip(STATISTICS, self._statistics.T, strict=True)),
            "replacements": np.bincount(lineage["generation"], minlength=len(generations)),
            "goal_switches": np.bincount(lineage["generation"][switched], minlength=len(generations)),
        }

    def classes(self) -> dict[str, np.ndarray]:
        """Return how each class fared: the kept generations, int64 (K,), and log_confidence, float16 (K, cells)."""
        self._summarise()
        generations = [generation for generation in range(len(self._statistics)) if is_kept(generation)]
        return {"generation": np.array(generations), "log_confidence": np.stack(self._log_confidences)}

    def state(self) -> dict[str, np.ndarray]:
        """Return all that a checkpoint needs."""
        lineage = self.lineage()
        return {"statistics": self._statistics, "log_confidences": np.stack(self._log_confidences), **lineage}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over a checkpoint's state."""
        self._statistics = state["statistics"]
        self._lineage = np.stack([state[name] for name in LINEAGE])
        self._log_confidences = list(state["log_confidences"])
        self._pending = []


def table_of_runs(seeds: Sequence[int], histories: Sequence[History]) -> dict[str, np.ndarray]:
    """Return the tables of several runs, one after the other, after a column `run` with the seeds, int64.

    Args:
        seeds: of the runs.
        histories: of the runs, in the same order; one or more.
    """
    tables = [history.table() for history in histories]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    return {"run": np.repeat(seeds, [len(table["generation"]) for table in tables]), **columns}
