"""The runs of an experiment as confidence against evaluated images, and how large the paper's runs are."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fooling.errors import FoolingError
from fooling.results.histories import read_histories
from fooling.results.wording import METHOD_NAMES, dataset_name, method_name
from fooling.settings.datasets import IMAGENET, MNIST

LEVELS = (0.5, 0.9, 0.99, 0.9999)
CLASSES = {facts.name: facts.classes for facts in (MNIST, IMAGENET)}
"""The experiments that are drawn, which are named after their data set, and its classes."""
PAPER_ITEMS = {
    ("mnist", "direct"): "figure_4",
    ("mnist", "cppn"): "figure_5",
    ("imagenet", "direct"): "figure_6",
    ("imagenet", "cppn"): "figure_7",
}
PAPER_SCALE = {
    ("mnist", "direct"): (200, 200),
    ("mnist", "cppn"): (200, 200),
    ("imagenet", "direct"): (200, 20_000),
    ("imagenet", "cppn"): (400, 5_000),
}
"""Children and generations of the paper's runs, by experiment and encoding."""
_FEWEST = 3
"""Words of the flag."""


@dataclass(frozen=True)
class Runs:
    """The runs of an experiment in one encoding.

    Attributes:
        experiment: its name.
        encoding: `direct` or `cppn`.
        histories: one for each run, as `confidence_curves.read_histories` gives them.
    """

    experiment: str
    encoding: str
    histories: Sequence[pd.DataFrame]

    @property
    def evaluations(self) -> np.ndarray:
        """Evaluated images after each generation, float64 (generations,)."""
        return self.histories[0]["evaluations"].to_numpy(dtype=np.float64)

    @property
    def confidences(self) -> np.ndarray:
        """Median confidence over the classes, float64 (runs, generations)."""
        return np.stack([history["median_confidence"].to_numpy(dtype=np.float64) for history in self.histories])

    def evaluations_to(self, confidence: float) -> float | None:
        """Return after how many evaluations the median run reaches a confidence; None if it does not."""
        reached = np.flatnonzero(np.median(self.confidences, axis=0) >= confidence)
        return float(self.evaluations[reached[0]]) if len(reached) else None


def scales(runs: Mapping[tuple[str, str], tuple[int, int]]) -> str:
    """Return, in words, how many children and generations the runs of each experiment and encoding have."""
    sizes: dict[tuple[str, tuple[int, int]], list[str]] = {}
    for (experiment, encoding), scale in runs.items():
        sizes.setdefault((experiment, scale), []).append(method_name(encoding).removesuffix(" encoding"))
    return "; ".join(
        f"{dataset_name(experiment)} {children} \N{MULTIPLICATION SIGN} {generations:,} ({' and '.join(encodings)})"
        for (experiment, (children, generations)), encodings in sizes.items()
    )


def add_runs(parser: argparse.ArgumentParser) -> None:
    """Add the flag, which is given once for each experiment and encoding."""
    parser.add_argument(
        "--runs",
        nargs="+",
        action="append",
        required=True,
        metavar="WORD",
        help="an experiment, its encoding (direct or cppn), and the histories of its runs (CSV)",
    )


def histories_of(arguments: argparse.Namespace) -> list[Path]:
    """Return the files among the words of the flag that are there."""
    return [Path(word) for words in arguments.runs for word in words[2:] if Path(word).is_file()]


def read_runs(arguments: argparse.Namespace) -> list[Runs]:
    """Read the histories.

    Raises:
        FoolingError: a word is missing, an encoding is unknown, or a file is no history.
    """
    groups = []
    for words in arguments.runs:
        if len(words) < _FEWEST or words[1] not in METHOD_NAMES:
            raise FoolingError(f"--runs {' '.join(words)}: give an experiment, direct or cppn, and histories.")
        groups.append(Runs(words[0], words[1], read_histories([Path(word) for word in words[2:]])))
    return groups
