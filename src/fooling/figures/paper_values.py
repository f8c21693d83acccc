"""The numbers that the paper reports, read from config/paper_values.csv."""

from pathlib import Path

import pandas as pd

from fooling.errors import FoolingError
from fooling.figures.result_table import read_table

STATUSES = {"V": "verified in a source", "R": "recalled", "R-": "weakly recalled, unverified"}
"""How sure a value is; only V and R may become a claim that can fail."""


def read_paper_values(path: Path) -> pd.DataFrame:
    """Read the published numbers: item, quantity, value, unit, status, scale, note.

    Raises:
        FoolingError: the file is no such table, a status is unknown, or a quantity of an item stands in it twice.
    """
    values = read_table(path, ("value",), ("item", "quantity", "unit", "status", "scale", "note"))
    unknown = sorted(set(values["status"]) - set(STATUSES))
    if unknown:
        raise FoolingError(f"{path} has the status {', '.join(unknown)}; a status is one of {', '.join(STATUSES)}.")
    repeated = values[values.duplicated(["item", "quantity"])]
    if not repeated.empty:
        first = repeated.iloc[0]
        raise FoolingError(f"{path} gives {first['quantity']} of {first['item']} twice; keep one.")
    return values
