"""The numbers that the paper reports, read from config/paper_values.csv."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fooling.artifacts.table import read_table
from fooling.errors import FoolingError

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


@dataclass(frozen=True)
class Published:
    """One published number: its value in the table's unit, how sure it is, and at which scale it was reached."""

    value: float
    status: str
    scale: str


def published(values: pd.DataFrame, item: str) -> dict[str, Published]:
    """Return the published numbers of one item, such as `figure_7`, by quantity.

    Args:
        values: as `read_paper_values` gives them.
        item: of the paper.

    Raises:
        FoolingError: there are none.
    """
    rows = values[values["item"] == item].to_dict("records")
    if not rows:
        raise FoolingError(f"The paper's values have nothing of {item}; add it to their table.")
    return {row["quantity"]: Published(row["value"], row["status"], row["scale"]) for row in rows}
