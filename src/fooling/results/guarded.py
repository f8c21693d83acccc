"""Guarded runs of evolution beside the unguarded ones of the same networks, seeds and settings."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fooling.errors import FoolingError
from fooling.results.detection_words import GUARD_NAMES
from fooling.results.histories import read_histories
from fooling.results.wording import METHOD_NAMES
from fooling.settings.detection import UNGUARDED

LEVELS = (0.5, 0.9, 0.99)
_FEWEST = 3
"""Words of the flag."""


@dataclass(frozen=True)
class GuardedRuns:
    """Runs in one encoding against networks with one guard.

    Attributes:
        guard: name of the detector, or `UNGUARDED`.
        encoding: `direct` or `cppn`.
        histories: one for each run, as `read_histories` gives them. An elite that does not pass has the confidence 0.
    """

    guard: str
    encoding: str
    histories: Sequence[pd.DataFrame]

    @property
    def evaluations(self) -> np.ndarray:
        """Evaluated images after each generation, float64 (generations,)."""
        return self.histories[0]["evaluations"].to_numpy(dtype=np.float64)

    @property
    def confidences(self) -> np.ndarray:
        """Median over the classes of the confidence of what passes, float64 (runs, generations)."""
        return self._columns("median_confidence")

    def to_first_passing(self) -> np.ndarray:
        """Return after how many evaluations each run has an image that passes, float64 (runs,); inf if it has none."""
        # Every confidence is above 0, and a stopped image is fitter than none.
        return self._first(self._columns("max_confidence") > 0)

    def to_confidence(self, level: float) -> np.ndarray:
        """Return after how many evaluations each run's median confidence reaches a level, float64 (runs,), or inf."""
        return self._first(self.confidences >= level)

    def _columns(self, name: str) -> np.ndarray:
        return np.stack([history[name].to_numpy(dtype=np.float64) for history in self.histories])

    def _first(self, reached: np.ndarray) -> np.ndarray:
        return np.where(reached.any(axis=1), self.evaluations[reached.argmax(axis=1)], np.inf)


def add_guarded_runs(parser: argparse.ArgumentParser) -> None:
    """Add the flag, which is given once for each guard and encoding."""
    parser.add_argument(
        "--runs",
        nargs="+",
        action="append",
        required=True,
        metavar="WORD",
        help=f"a detector ({UNGUARDED}: unguarded), the encoding (direct or cppn), and the histories of its runs (CSV)",
    )


def read_guarded_runs(arguments: argparse.Namespace) -> list[GuardedRuns]:
    """Read the histories; see `check_twins`.

    Raises:
        FoolingError: a word is missing, a detector or encoding is unknown, a file is no history, or runs lack twins.
    """
    groups = []
    for words in arguments.runs:
        known = len(words) >= _FEWEST and words[0] in GUARD_NAMES and words[1] in METHOD_NAMES
        if not known:
            raise FoolingError(
                f"--runs {' '.join(words)}: give a detector or {UNGUARDED}, then direct or cppn, and histories."
            )
        groups.append(GuardedRuns(words[0], words[1], read_histories([Path(word) for word in words[2:]])))
    check_twins(groups)
    return groups


def check_twins(groups: Sequence[GuardedRuns]) -> None:
    """Check that guarded runs of each encoding have unguarded ones beside them, in the same order.

    Raises:
        FoolingError: they have not, or they differ in number or length.
    """
    twins = {group.encoding: group for group in groups if group.guard == UNGUARDED}
    for group in groups:
        twin = twins.get(group.encoding)
        if twin is None:
            raise FoolingError(f"There is no unguarded run in the {METHOD_NAMES[group.encoding]} to compare with.")
        if len(twin.histories) != len(group.histories) or not np.array_equal(twin.evaluations, group.evaluations):
            raise FoolingError(
                f"The runs guarded by {group.guard} and the unguarded ones differ in number or length; give runs of "
                "the same networks, seeds and settings, in the same order."
            )
