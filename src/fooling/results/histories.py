"""The histories of runs of evolution, generation by generation."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from fooling.artifacts.table import read_table
from fooling.errors import FoolingError

COLUMNS = ("generation", "evaluations", "median_confidence", "max_confidence")


def read_histories(paths: Sequence[Path]) -> list[pd.DataFrame]:
    """Read the histories of the runs of one method.

    Raises:
        FoolingError: a file is no history, or the runs differ in generations or evaluations.
    """
    histories = [read_table(path, COLUMNS) for path in paths]
    for path, history in zip(paths, histories, strict=True):
        if not history["generation"].is_monotonic_increasing or not history["generation"].is_unique:
            raise FoolingError(f"{path} is damaged: its generations do not follow each other; make it again.")
        if not history[["generation", "evaluations"]].equals(histories[0][["generation", "evaluations"]]):
            raise FoolingError(
                f"{path} and {paths[0]} differ in generations or evaluations; "
                "the runs of one encoding must have the same settings."
            )
    return histories
