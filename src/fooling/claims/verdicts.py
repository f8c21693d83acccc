"""Whether a run reproduces the claims of the paper, and why."""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from fooling.claims.rules import Measure, Other, Rows, Rules, Scale
from fooling.claims.tables import ResultTables, numbers, texts
from fooling.errors import FoolingError

REPRODUCED = "reproduced"
MISSED = "not reproduced"
INCOMPARABLE = "not comparable at this scale"
NOT_RUN = "not run"
UNVERIFIED = "reported, unverified"
VERDICTS = (REPRODUCED, MISSED, INCOMPARABLE, NOT_RUN, UNVERIFIED)

COLUMNS = ["claim", "source", "paper", "paper_scale", "ours", "our_scale", "verdict", "why"]
COMPARISONS = ("about", "at_least", "at_most", "above", "below", "scale")
"""How our number has to lie to the paper's: within the tolerance of it; no lower, or no higher, by more than that;
strictly on one side of it; or, where the number says how much the paper did, not lower."""

_STATISTICS: Mapping[str, Callable[[pd.Series], float]] = {
    "median": pd.Series.median,
    "mean": pd.Series.mean,
    "lowest": pd.Series.min,
    "highest": pd.Series.max,
}
_DASH = "\N{EN DASH}"


def claims_table(paper: pd.DataFrame, rules: Rules, tables: ResultTables) -> pd.DataFrame:
    """Judge every claim.

    Args:
        paper: as `read_paper_values` gives it.
        rules: how claims are measured.
        tables: of the run.

    Returns:
        One row per claim with the columns `COLUMNS`: claim, its name, ITEM.QUANTITY; source, where in the paper; paper,
        the claim and how sure it is; paper_scale and our_scale; ours, our number; verdict, one of `VERDICTS`; why, in a
        sentence.
    """
    return pd.DataFrame([_row(row, rules, tables) for row in paper.to_dict("records")], columns=COLUMNS)


def _row(row: Mapping[Hashable, Any], rules: Rules, tables: ResultTables) -> dict[str, str]:
    claim = f"{row['item']}.{row['quantity']}"
    measure = rules.measure(claim)
    found, missing = _found(measure, tables)
    our_scale, unmet, unscaled = _scale(measure, rules, tables)
    told = f" Ours: {measure.ours.rstrip(',')}." if measure and not missing else ""
    if row["status"] == "R-":
        verdict, why = UNVERIFIED, f"The paper's number is recalled weakly (R-), so that it decides nothing.{told}"
    elif measure is None:
        verdict, why = NOT_RUN, rules.unmeasured.get(claim, "No table of this workflow holds it.")
    elif unscaled or (missing and not unmet):
        verdict, why = NOT_RUN, unscaled or missing
    elif unmet:
        verdict, why = INCOMPARABLE, unmet + told
    else:
        verdict, why = _compare(measure.ours, found, row)
    return {
        "claim": claim,
        "source": row["source"],
        "paper": f"{row['claim']} ({row['status']})",
        "paper_scale": row["scale"],
        "ours": _number(found, row["unit"]) if not missing else "",
        "our_scale": our_scale,
        "verdict": verdict,
        "why": why,
    }


def _found(measure: Measure | None, tables: ResultTables) -> tuple[float, str]:
    """Return our number, or why there is none."""
    try:
        return (_measure(measure, tables), "") if measure is not None else (math.nan, _DASH)
    except FoolingError as error:
        return math.nan, str(error)


def _scale(measure: Measure | None, rules: Rules, tables: ResultTables) -> tuple[str, str, str]:
    """Return our scale, what it lacks for a comparison, and why it cannot be told; the latter two may be empty."""
    shown: dict[str, None] = {}
    unmet: dict[str, str] = {}
    try:
        for scale in (rules.scales[name] for name in (measure.scale if measure else [])):
            rows = tables.rows(scale)
            told = []
            for column, needed in scale.needs.items():
                found, asked, meets = _need(rows, column, needed, scale)
                told.append(found)
                met = meets.all() if scale.rows == "every" else meets.any()
                if not met:
                    unmet[asked] = found
                elif scale.rows == "some":
                    rows = rows[meets]  # one row must have all
            shown[", ".join(told)] = None
    except FoolingError as error:
        return "", "", str(error)
    lacks = f"The comparison needs {_joined(unmet)}; this run has {_joined(unmet.values())}." if unmet else ""
    return "; ".join(shown), lacks, ""


def _need(rows: pd.DataFrame, column: str, needed: float | list[str], scale: Scale) -> tuple[str, str, pd.Series]:
    """Return what the rows have of a column, what they need, and which of them meet that."""
    if isinstance(needed, list):
        given = texts(rows, column, scale.table)
        return _joined(sorted(set(given))) or f"no {column}", " or ".join(needed), given.isin(needed)
    values = numbers(rows, column, scale.table)
    value = float(values.min() if scale.rows == "every" else values.max())
    name = column.replace("_", " ")
    several = name.endswith(("s", "children"))
    has, asked = (f"{each:,g} {name}" if several else f"{name} {each:,g}" for each in (value, needed))
    return has, f"at least {asked}", (values >= needed).reindex(rows.index, fill_value=False)


def _joined(parts: Iterable[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def _measure(measure: Measure, tables: ResultTables) -> float:
    if measure.column is None and measure.over is None:
        return float(tables.count(measure))
    rows = tables.rows(measure)
    other = measure.less or measure.over
    if other is None:
        return measure.factor * _statistic(rows, measure, measure.column)
    others = tables.rows(Rows(table=measure.table, where=measure.where | other.where, differ=measure.differ))
    if measure.last_shared is not None:
        rows, others = _last_shared(rows, others, measure.last_shared, measure.table)
    one, two = _statistic(rows, measure, measure.column), _statistic(others, measure, _column(measure, other))
    if measure.less is not None:
        if math.isinf(one) and math.isinf(two):
            raise FoolingError("Neither side of the comparison gets there.")
        return measure.factor * (one - two)
    return measure.factor * one / two if two else math.inf


def _column(measure: Measure, other: Other) -> str | None:
    return other.column or measure.column


def _last_shared(one: pd.DataFrame, other: pd.DataFrame, column: str, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    first, second = numbers(one, column, name), numbers(other, column, name)
    shared = set(first) & set(second)
    if not shared:
        raise FoolingError(f"This run has no {column} in {name} that both sides share.")
    return one[first == max(shared)], other[second == max(shared)]


def _statistic(rows: pd.DataFrame, measure: Measure, column: str | None) -> float:
    if column is None:
        return float(len(rows))
    values = numbers(rows, column, measure.table)
    if measure.until is not None:
        reached = numbers(rows, measure.until.column, measure.table) >= measure.until.reaches
        values = values.where(reached, math.inf).groupby(rows["file"]).min()
    return float(_STATISTICS[measure.statistic](values))


def _compare(ours: str, found: float, row: Mapping[Hashable, Any]) -> tuple[str, str]:
    paper, tolerance, unit = row["value"], row["tolerance"], row["unit"]
    holds = {
        "about": abs(found - paper) <= tolerance,
        "at_least": found >= paper - tolerance,
        "at_most": found <= paper + tolerance,
        "above": found > paper,
        "below": found < paper,
        "scale": found >= paper,
    }[row["comparison"]]
    asked = {
        "about": f"{_number(paper, unit)} give or take {tolerance:g}",
        "at_least": f"at least {_number(paper - tolerance, unit)}",
        "at_most": f"at most {_number(paper + tolerance, unit)}",
        "above": f"more than {_number(paper, unit)}",
        "below": f"less than {_number(paper, unit)}",
        "scale": f"at least {_number(paper, unit)}",
    }[row["comparison"]]
    lacking = INCOMPARABLE if row["comparison"] == "scale" else MISSED
    why = f"{ours[0].upper()}{ours[1:]} is {_number(found, unit)}; the criterion is {asked}."
    return REPRODUCED if holds else lacking, why


def _number(value: float, unit: str) -> str:
    """Return a number with its unit; percentages near 100 keep the digits that matter, rounded towards zero."""
    if math.isinf(value):
        return "never" if value > 0 else f"\N{MINUS SIGN}\N{INFINITY} {unit}, since the other never does"
    digits = 4 if unit == "%" and 99 <= value < 100 else 2
    text = (
        f"{math.trunc(round(value * 10**digits, 6)) / 10**digits:,.{digits}f}"
        if unit.startswith("%")
        else f"{round(value, 3) if abs(value) < 10 else round(value, 1):,g}"
    )
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}".strip()


def missed_promises(claims: pd.DataFrame, promised: list[str]) -> list[str]:
    """Return the promised claims that the run does not reproduce, as `CLAIM (verdict)`.

    Raises:
        FoolingError: a promised claim is not there, or cannot be promised since it is unverified.
    """
    verdicts = dict(zip(claims["claim"], claims["verdict"], strict=True))
    unknown = [name for name in promised if name not in verdicts]
    if unknown:
        raise FoolingError(f"The configuration promises {unknown[0]}, which is no claim; see config/paper_values.csv.")
    unverified = [name for name in promised if verdicts[name] == UNVERIFIED]
    if unverified:
        raise FoolingError(f"{unverified[0]} is weakly recalled and decides nothing; do not promise it under claims.")
    return [f"{name} ({verdicts[name]})" for name in promised if verdicts[name] != REPRODUCED]
