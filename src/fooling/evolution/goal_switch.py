"""When an elite counts as a goal switch (paper, section 2.2)."""

import numpy as np


def goal_switches(cell: np.ndarray, parent_cell: np.ndarray) -> np.ndarray:
    """Return which new elites are goal switches, bool (R,): the parent was drawn from another class.

    Args:
        cell: int64 (R,), the class that each elite took.
        parent_cell: int64 (R,), the class that its parent was drawn from; -1 in the initial population.
    """
    return (parent_cell >= 0) & (parent_cell != cell)
