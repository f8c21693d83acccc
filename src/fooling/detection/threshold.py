"""The threshold of a detector: what 95 % of natural images pass."""

import math

import numpy as np

from fooling.errors import FoolingError
from fooling.settings.detection import LEAST_TEST_IMAGES

PASSING = 0.95
"""Share of the natural images that pass."""


def least_passing(count: int) -> int:
    """Return how many of so many natural images are 95 % of them at least."""
    return math.ceil(round(PASSING * count, 9))  # rounded, since 0.95 * 20 may be a little more than 19


def threshold(natural: np.ndarray) -> float:
    """Return the highest threshold that at least 95 % of natural images reach.

    Args:
        natural: float64 (N,), scores of natural images that the network was not trained on.

    Raises:
        FoolingError: there are too few.
    """
    check_enough(len(natural))
    return float(np.sort(natural)[len(natural) - least_passing(len(natural))])


def check_enough(count: int) -> None:
    """Check that there are natural images enough for a threshold.

    Raises:
        FoolingError: there are too few.
    """
    if count < LEAST_TEST_IMAGES:
        raise FoolingError(
            f"A threshold that 95 % of natural images pass needs {LEAST_TEST_IMAGES} of them at least, not {count}; "
            "give more."
        )
