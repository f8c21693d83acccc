"""Tables of results, read and written."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from fooling.artifacts.storage import save_with
from fooling.errors import FoolingError


def read_table(path: Path, numbers: Sequence[str], texts: Sequence[str] = ()) -> pd.DataFrame:
    """Read the named columns of a CSV file: `numbers` as float64, `texts` as they stand (empty included).

    Raises:
        FoolingError: the file is missing, damaged or empty, a column is missing, or a number is none or not finite.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError as error:
        raise FoolingError(f"There is no table at {path}.") from error
    except (OSError, ValueError) as error:  # pandas' own errors and undecodable bytes are ValueErrors
        raise FoolingError(f"{path} is not a readable table ({error}); delete it and make it again.") from error
    lacking = [name for name in (*numbers, *texts) if name not in table]
    if lacking:
        raise FoolingError(f"{path} lacks the column {', '.join(lacking)}; make it again with this version.")
    if table.empty:
        raise FoolingError(f"{path} has no rows; make it again.")
    try:
        parsed = pd.DataFrame({name: table[name].astype(np.float64) for name in numbers})
    except ValueError as error:
        raise FoolingError(f"{path} is damaged ({error}); delete it and make it again.") from error
    if not np.isfinite(parsed.to_numpy()).all():
        raise FoolingError(f"{path} holds numbers that are not finite; delete it and make it again.")
    return pd.concat([table[list(texts)], parsed], axis=1)


def save_tables(paths: Sequence[Path], table: pd.DataFrame, page: str) -> None:
    """Write a table as CSV or as the HTML `page`, by each path's suffix.

    Raises:
        FoolingError: a path has another suffix, or cannot be written.
    """
    texts = {".csv": table.to_csv(index=False), ".html": page}
    unknown = [path for path in paths if path.suffix not in texts]
    if unknown:
        raise FoolingError(f"Cannot write {unknown[0]}: a table's name must end in .csv or .html.")
    for path in paths:
        save_with(path, partial(Path.write_text, data=texts[path.suffix], encoding="utf-8"))
