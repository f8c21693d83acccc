"""The flag `--runs EXPERIMENT ENCODING HISTORY ...` of the steps that compare experiments by their histories."""

import argparse
from pathlib import Path

from fooling.errors import FoolingError
from fooling.figures.confidence_curves import read_histories
from fooling.figures.scaling import Runs
from fooling.figures.style import METHOD_COLOURS

_FEWEST = 3


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
        if len(words) < _FEWEST or words[1] not in METHOD_COLOURS:
            raise FoolingError(f"--runs {' '.join(words)}: give an experiment, direct or cppn, and histories.")
        groups.append(Runs(words[0], words[1], read_histories([Path(word) for word in words[2:]])))
    return groups
