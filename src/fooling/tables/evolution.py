r"""What each run of evolution reached, in numbers (paper, section 3.1).

In: the fooling sets and the histories of the runs, in the same order. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.evolution --fooling-sets run-0/fooling_set.npz run-1/fooling_set.npz \
        --histories run-0/history.csv run-1/history.csv --output evolution.csv evolution.html
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import THRESHOLD, format_confidence, method_name
from fooling.tables.html import html_page

HISTORY = ("generation", "median_confidence", "min_confidence", "replacements", "goal_switches")
EVERY_CLASS = 0.99
PAPER_SCALE = {
    "imagenet": "The paper: 200 children \u00d7 20,000 generations (direct), 400 \u00d7 5,000 (CPPN), CaffeNet."
}
"""By data set; on MNIST ours is the paper's."""


def evolution_table(fooling_sets: Collection[FoolingSet], histories: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one row per run.

    Args:
        fooling_sets: one run each.
        histories: theirs, in the same order, with the columns of `HISTORY`.

    Returns:
        encoding, dataset, network, run, generations, children; median, highest and lowest confidence of the last
        elites and the class of the lowest; at_50, at_99 and at_9999, how many of them reach 0.5, 0.99 and 0.9999, and
        distinct, how many different images they are; median_reaches_9999 and every_class_reaches_99,
        the first generations of that (missing if never); goal_switches, the share of the replacements after the
        initial population whose parent was drawn from another class.

    Raises:
        FoolingError: there is not one history for each fooling set.
    """
    if len(fooling_sets) != len(histories):
        raise FoolingError(f"{len(fooling_sets)} fooling sets but {len(histories)} histories: give one for each.")
    rows = [_row(fooling_set.final(), history) for fooling_set, history in zip(fooling_sets, histories, strict=True)]
    return pd.DataFrame(rows).astype({"median_reaches_9999": "Int64", "every_class_reaches_99": "Int64"})


def _row(final: FoolingSet, history: pd.DataFrame) -> dict[str, object]:
    later = history[history["generation"] > 0]
    replacements = later["replacements"].sum()
    return {
        "encoding": final.origin.method,
        "dataset": final.origin.dataset,
        "network": final.origin.network,
        "run": int(final.run[0]),
        "generations": final.evolution.generations,
        "children": final.evolution.batch,
        "classes": len(final),
        "median_confidence": float(np.median(final.confidence)),
        "highest_confidence": float(final.confidence.max()),
        "lowest_confidence": float(final.confidence.min()),
        "lowest_class": int(final.target[final.confidence.argmin()]),
        "at_50": int((final.confidence >= 0.5).sum()),
        "at_99": int((final.confidence >= EVERY_CLASS).sum()),
        "at_9999": int((final.confidence >= THRESHOLD).sum()),
        "distinct": len(first_distinct(final.images)),
        "median_reaches_9999": _first(history, "median_confidence", THRESHOLD),
        "every_class_reaches_99": _first(history, "min_confidence", EVERY_CLASS),
        "goal_switches": later["goal_switches"].sum() / replacements if replacements else np.nan,
    }


def _first(history: pd.DataFrame, column: str, confidence: float) -> int | None:
    reached = history.loc[history[column] >= confidence, "generation"]
    return int(reached.iloc[0]) if len(reached) else None


def evolution_html(table: pd.DataFrame) -> str:
    """Return the table of `evolution_table` as a small HTML page."""
    head = [
        "",
        "median",
        "highest",
        "lowest",
        "of class",
        "at 50 / 99 / 99.99\u2009%",
        "distinct",
        "median there in",
        "every class at 99\u2009% in",
        "goal switches",
    ]
    records = table.to_dict("records")
    rows = [
        [
            f"{method_name(row['encoding'])}, {row['network']}, run {row['run']}",
            format_confidence(row["median_confidence"], decimals=4),
            format_confidence(row["highest_confidence"], decimals=4),
            format_confidence(row["lowest_confidence"], decimals=2),
            str(row["lowest_class"]),
            f"{row['at_50']} / {row['at_99']} / {row['at_9999']} of {row['classes']}",
            str(row["distinct"]),
            _generation(row["median_reaches_9999"]),
            _generation(row["every_class_reaches_99"]),
            "\N{EN DASH}" if pd.isna(row["goal_switches"]) else f"{100 * row['goal_switches']:.0f}\u2009%",
        ]
        for row in records
    ]
    scales = dict.fromkeys(f"{row['generations']} generations \u00d7 {row['children']} children" for row in records)
    note = (
        f"{', '.join(scales)}. Confidences of the last elites, rounded down. A goal switch is a replaced elite "
        "whose parent was drawn from another class; the initial population does not count."
    )
    paper = [PAPER_SCALE[name] for name in dict.fromkeys(row["dataset"] for row in records) if name in PAPER_SCALE]
    note = " ".join([note, *paper])
    return html_page("What each run reached", head, rows, note)


def _generation(value: Any) -> str:
    return "never" if pd.isna(value) else f"generation {value}"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, one run each")
    parser.add_argument("--histories", type=Path, nargs="+", required=True, help="their histories (CSV)")
    with recorded(parser) as arguments:
        histories = [read_table(path, HISTORY) for path in arguments.histories]
        table = evolution_table(FoolingSetFiles(arguments.fooling_sets).values(), histories)
        save_tables(arguments.output, table, evolution_html(table))


if __name__ == "__main__":
    run_step(main)
