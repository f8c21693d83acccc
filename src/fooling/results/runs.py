"""Fooling sets as runs: the final images of each, in the order of the classes."""

from collections.abc import Sequence

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.results.wording import listed


def check_sets(fooling_sets: Sequence[FoolingSet]) -> None:
    """Check that each set holds an image.

    Raises:
        FoolingError: one does not, or there is no set.
    """
    if not fooling_sets or not all(map(len, fooling_sets)):
        raise FoolingError("There is nothing to draw: a fooling set holds no image.")


def split_runs(fooling_sets: Sequence[FoolingSet]) -> list[FoolingSet]:
    """Return the final images of each run of each set, ordered by class.

    Args:
        fooling_sets: in the order of the figure.

    Raises:
        FoolingError: there is no image, a class occurs twice in a run, or the
            runs differ in classes or image size.
    """
    check_sets(fooling_sets)
    finals = [fooling_set.final() for fooling_set in fooling_sets]
    runs = [final.select(final.run == run) for final in finals for run in np.unique(final.run)]
    runs = [run.select(np.argsort(run.target, kind="stable")) for run in runs]
    for run in runs:
        if len(np.unique(run.target)) < len(run):
            raise FoolingError(f"Run {run.run[0]} has two final images of one class; a row of the grid needs one.")
        if not np.array_equal(run.target, runs[0].target):
            raise FoolingError(
                f"The rows of a grid must have the same classes, but {listed(runs[0].target)} "
                f"and {listed(run.target)} were given; draw them in two figures."
            )
        if run.images.shape != runs[0].images.shape:
            raise FoolingError("The images of a grid must have one size; draw these fooling sets in two figures.")
    return runs
