"""The claims of the paper, read from config/paper_values.csv."""

from pathlib import Path

import pandas as pd

from fooling.artifacts.table import read_table
from fooling.claims.verdicts import COMPARISONS
from fooling.errors import FoolingError
from fooling.results.paper_values import read_paper_values


def read_claims(path: Path) -> pd.DataFrame:
    """Read the published numbers as claims.

    Returns:
        The columns of `read_paper_values` and: source, where in the paper; claim, a sentence; comparison, one of
        `COMPARISONS`; tolerance, in the value's unit.

    Raises:
        FoolingError: as `read_paper_values`, or a comparison is unknown.
    """
    further = read_table(path, ("tolerance",), ("source", "claim", "comparison"))
    unknown = sorted(set(further["comparison"]) - set(COMPARISONS))
    if unknown:
        raise FoolingError(f"{path} has the comparison {unknown[0]!r}; it is one of {', '.join(COMPARISONS)}.")
    return pd.concat([read_paper_values(path), further], axis=1)
