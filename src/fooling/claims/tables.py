"""The results of a run as tables of texts, whatever kind of file holds them."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts import network_header, plane
from fooling.artifacts.network_header import read_network_headers
from fooling.artifacts.plane import load_plane
from fooling.artifacts.storage import read_kind
from fooling.claims.rules import Above, Condition, Rows
from fooling.errors import FoolingError

NETWORKS = "networks/{network}.npz"


class ResultTables:
    """The tables of one run.

    Args:
        folder: of the results.
        files: which of the files below it may be read.
    """

    def __init__(self, folder: Path, files: Sequence[Path]) -> None:
        self._files = {path.relative_to(folder).as_posix(): path for path in files if path.is_relative_to(folder)}
        self._read: dict[str, pd.DataFrame] = {}

    def rows(self, wanted: Rows) -> pd.DataFrame:
        """Return the wanted rows, all columns as texts.

        Raises:
            FoolingError: there are none, or a file cannot be read.
        """
        table = self._selected(wanted)
        if table.empty:
            kind = ", ".join(f"{column} {_told(condition)}" for column, condition in wanted.where.items())
            raise FoolingError(f"This run has no rows in {wanted.table} with {kind}.")
        return table

    def count(self, wanted: Rows) -> int:
        """Return the number of wanted rows, which may be none.

        Raises:
            FoolingError: there is no such table, or a file cannot be read.
        """
        return len(self._selected(wanted))

    def _selected(self, wanted: Rows) -> pd.DataFrame:
        table = self._table(wanted.table)
        for column, condition in wanted.where.items():
            table = table[_holds(texts(table, column, wanted.table), condition)]
        if wanted.differ is not None:
            one, other = (texts(table, column, wanted.table) for column in wanted.differ)
            table = table[one != other]
        return table

    def _table(self, pattern: str) -> pd.DataFrame:
        if pattern not in self._read:
            matching = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(pattern))
            parts = [
                _read(path).assign(**found.groupdict(), file=name)
                for name, path in self._files.items()
                if (found := re.fullmatch(matching, name))
            ]
            if not parts:
                raise FoolingError(f"This run has no {pattern}.")
            table = pd.concat(parts, ignore_index=True).fillna("")
            if "network" in table and pattern != NETWORKS:
                table["architecture"] = table["network"].map(self._architectures()).fillna("")
            self._read[pattern] = table
        return self._read[pattern]

    def _architectures(self) -> dict[str, str]:
        try:
            networks = self._table(NETWORKS)
        except FoolingError:
            return {}
        return dict(zip(networks["network"], networks["architecture"], strict=True))


def texts(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    """Return a column.

    Raises:
        FoolingError: there is none.
    """
    if column not in table:
        raise FoolingError(f"This run's {name} lacks the column {column}.")
    return table[column]


def numbers(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    """Return a column as float64; what is empty is left out.

    Raises:
        FoolingError: there is no such column, or no number in it.
    """
    given = texts(table, column, name)
    found = pd.to_numeric(given[given != ""], errors="coerce").astype(np.float64)
    if found.empty or found.isna().any():
        raise FoolingError(f"This run's {name} has {'no' if found.empty else 'damaged'} numbers of {column}.")
    return found


def _holds(column: pd.Series, condition: Condition) -> pd.Series:
    if isinstance(condition, Above):
        return pd.to_numeric(column, errors="coerce") > condition.above
    if isinstance(condition, list):
        return column.isin(condition)
    if isinstance(condition, str):
        return column == condition
    return pd.to_numeric(column, errors="coerce") == condition


def _told(condition: Condition) -> str:
    if isinstance(condition, Above):
        return f"above {condition.above:g}"
    return " or ".join(condition) if isinstance(condition, list) else f"{condition}"


def _read(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".csv":
            return pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.suffix == ".json":
            record = json.loads(path.read_text(encoding="utf-8"))
            settings, seconds = record["settings"], record["duration_seconds"]
            rows = [{**settings, "duration_seconds": seconds, "core_seconds": seconds * settings["threads"]}]
        else:
            rows = _ROWS[read_kind(path)](path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FoolingError(f"This run's {path.name} cannot be read ({type(error).__name__}: {error}).") from error
    return pd.DataFrame(rows).map(str)


def _network(path: Path) -> list[dict[str, Any]]:
    members = read_network_headers(path)
    training = members[0].training if len(members) == 1 else {}
    return [
        {
            **training.get("settings", {}),
            "architecture": "+".join(member.architecture for member in members),
            "dataset": members[0].dataset,
            "test_error": training.get("test_error", ""),
        }
    ]


def _plane(path: Path) -> list[dict[str, Any]]:
    return [{"confidence_without_data": float(np.exp(value))} for value in load_plane(path).fooling_log_confidence]


_ROWS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {network_header.KIND: _network, plane.KIND: _plane}
"""By the kind of the file."""
