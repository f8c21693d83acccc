"""What happened in a run, generation by generation: confidences, replacements, and who came from whom."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from fooling.evolution.archive import Replacements

STATISTICS = ("median_confidence", "mean_confidence", "min_confidence", "max_confidence")
LINEAGE = ("generation", "cell", "individual", "parent", "parent_cell")


class History:
    """The record of a run. Tensors stay on the device until they are asked for.

    Args:
        batch: children per generation.
    """

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._statistics: list[Tensor] = []
        self._replacements: list[Tensor] = []

    def record(self, generation: int, confidence: Tensor, replacements: Replacements) -> None:
        """Add a generation.

        Args:
            generation: its number.
            confidence: of the elites in their cells' classes, float (cells,) in [0, 1].
            replacements: the elites that are new.
        """
        values = confidence.double()
        self._statistics.append(torch.stack([values.quantile(0.5), values.mean(), values.min(), values.max()]))
        new = replacements
        generations = torch.full_like(new.cell, generation)
        self._replacements.append(torch.stack([generations, new.cell, new.individual, new.parent, new.parent_cell]))

    def lineage(self) -> dict[str, np.ndarray]:
        """Return who came from whom: the columns of `LINEAGE`, int64, one row per replaced elite."""
        rows = torch.cat(self._replacements, dim=1).cpu().numpy()
        return dict(zip(LINEAGE, rows, strict=True))

    def table(self) -> dict[str, np.ndarray]:
        """Return one row per generation.

        Columns: generation; evaluations so far; median, mean, min and max confidence over the cells, float64;
        replacements; goal_switches, the replacements whose parent was drawn from another cell.
        """
        statistics = torch.stack(self._statistics).cpu().numpy()
        generations = np.arange(len(statistics))
        lineage = self.lineage()
        switched = (lineage["parent_cell"] >= 0) & (lineage["parent_cell"] != lineage["cell"])
        return {
            "generation": generations,
            "evaluations": (generations + 1) * self._batch,
            **dict(zip(STATISTICS, statistics.T, strict=True)),
            "replacements": np.bincount(lineage["generation"], minlength=len(generations)),
            "goal_switches": np.bincount(lineage["generation"][switched], minlength=len(generations)),
        }

    def state(self) -> dict[str, np.ndarray]:
        """Return all that a checkpoint needs."""
        return {"statistics": torch.stack(self._statistics).cpu().numpy(), **self.lineage()}

    def restore(self, state: Mapping[str, np.ndarray], device: torch.device) -> None:
        """Take over a checkpoint's state."""
        self._statistics = list(torch.from_numpy(state["statistics"]).to(device))
        rows = np.stack([state[name] for name in LINEAGE])
        self._replacements = [torch.from_numpy(rows).to(device)]
