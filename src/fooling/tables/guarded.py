r"""How many more evaluations it takes to fool a network past a detector that guards it, as a table.

In: history.csv of every run, with the detector (none: unguarded) and the encoding; guarded and unguarded runs of the
same networks and seeds, in the same order. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.guarded --runs none cppn evolution/mnist/cppn/lenet-1/seed-0/history.csv \
        --runs knn cppn guarded/mnist/knn/cppn/lenet-1/seed-0/history.csv --output guarded.csv guarded.html
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.results.detection_words import GUARD_NAMES
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.guarded import (
    LEVELS,
    GuardedRuns,
    add_guarded_runs,
    read_guarded_runs,
)
from fooling.results.scaling import histories_of
from fooling.results.wording import format_confidence, method_name
from fooling.settings.detection import UNGUARDED
from fooling.tables.html import html_page


def guarded_table(groups: Sequence[GuardedRuns]) -> pd.DataFrame:
    """Return one row for each guard and encoding.

    Args:
        groups: guarded runs, and unguarded ones beside them; see `check_twins`.

    Returns:
        guard, encoding, runs; evaluations of a whole run, and the median run's median_confidence after them, of what
        passes; first_passing, the evaluations after which the median run has an image that passes; and for each of the
        levels 50, 90 and 99 %: to_LEVEL, the evaluations after which the median run's median confidence reaches it,
        reached_LEVEL, the number of runs that reach it, and times_LEVEL, the median over the runs of how many times as
        many evaluations that takes as unguarded. A number is missing where the median run does not get there, or
        nothing is there to compare with.
    """
    twins = {group.encoding: group for group in groups if group.guard == UNGUARDED}
    rows = [_row(group, twins[group.encoding]) for group in groups]
    whole = ["evaluations", "first_passing", *(f"to_{_percent(level)}" for level in LEVELS)]
    return pd.DataFrame(rows).astype(dict.fromkeys(whole, "Int64"))


def _row(group: GuardedRuns, twin: GuardedRuns) -> dict[str, object]:
    row: dict[str, object] = {
        "guard": group.guard,
        "encoding": group.encoding,
        "runs": len(group.histories),
        "evaluations": group.evaluations[-1],
        "median_confidence": float(np.median(group.confidences[:, -1])),
        "first_passing": _whole(group.to_first_passing()),
    }
    for level in LEVELS:
        number = _percent(level)
        needed, unguarded = group.to_confidence(level), twin.to_confidence(level)
        comparable = np.isfinite(unguarded)
        row[f"to_{number}"] = _whole(needed)
        row[f"reached_{number}"] = int(np.isfinite(needed).sum())
        row[f"times_{number}"] = _median(needed[comparable] / unguarded[comparable])
    return row


def _percent(level: float) -> str:
    return f"{100 * level:g}"


def _median(values: np.ndarray) -> float | None:
    """Return the median, of which infinity may be a part; None if there is none."""
    if not len(values):
        return None
    middle = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]]
    return float(middle.mean()) if np.isfinite(middle).all() else None


def _whole(values: np.ndarray) -> int | None:
    median = _median(values)
    return None if median is None else round(median)


def guarded_html(table: pd.DataFrame) -> str:
    """Return the table of `guarded_table` as a small HTML page."""
    head = [
        "",
        "runs",
        "evaluations",
        "median then",
        "first passes",
        *(f"to {100 * level:g}\u2009%" for level in LEVELS),
    ]
    rows = [
        [
            f"{method_name(row['encoding'])}, {GUARD_NAMES[row['guard']]}",
            str(row["runs"]),
            f"{row['evaluations']:,}",
            format_confidence(row["median_confidence"], decimals=4) if row["median_confidence"] else "none passes",
            "never" if pd.isna(row["first_passing"]) else f"{row['first_passing']:,}",
            *(_reached(row, _percent(level)) for level in LEVELS),
        ]
        for row in table.to_dict("records")
    ]
    note = (
        "Evaluations: images that a run has evaluated when an image passes for the first time, or when the median over "
        "classes of the elites' confidence reaches a level; an elite that the guard stops counts as 0. In brackets how "
        "many times as many that is as for the unguarded run against the same network with the same seed. Medians over "
        "the runs; where some runs but not the median one get there, their number is told. Nothing takes fewer "
        "evaluations than the initial population has. 95\u2009% of natural images pass a guard."
    )
    return html_page("What a guard costs the one who fools it", head, rows, note)


def _reached(row: Mapping[Hashable, Any], number: str) -> str:
    needed, times, reached = (row[f"{name}_{number}"] for name in ("to", "times", "reached"))
    if pd.isna(needed):
        return f"not reached ({reached} of {row['runs']} runs)" if reached else "not reached"
    if row["guard"] == UNGUARDED or pd.isna(times):
        return f"{needed:,}"
    return f"{needed:,} (\N{MULTIPLICATION SIGN}{times:,.3g})"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    add_guarded_runs(parser)
    with recorded(parser, histories_of) as arguments:
        table = guarded_table(read_guarded_runs(arguments))
        save_tables(arguments.output, table, guarded_html(table))


if __name__ == "__main__":
    run_step(main)
