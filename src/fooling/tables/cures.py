r"""Cures for fooling compared: each is judged by images that were evolved against the very network that has it.

In: tables that `fooling.steps.experiments.score_cure` makes, one for each chain of each experiment. Out: the table as
CSV or HTML, by suffix.

Example:
    python -m fooling.tables.cures --scores retraining/*/*/cure.csv --output cures.csv cures.html
"""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import dataset_name, format_confidence
from fooling.tables.html import html_page

TEXTS = ("dataset", "cure")
NUMBERS = (
    *("round", "classes", "natural_confidence", "noise_confidence"),
    *("generations", "children", "runs", "median_confidence"),
)
EVALUATIONS = ("to_50", "to_90", "to_99")
TEST_ERROR = "test_error"
"""Columns of `fooling.experiments.cures.tabulate_cure`; the evaluations and the test error may be empty."""
MEASURES = ("median_confidence", TEST_ERROR, "natural_confidence", "noise_confidence")
NAMES = {
    "none": "no cure",
    "fooling_class": "fooling class",
    "outlier_exposure": "outlier exposure",
    "acet": "ACET",
}
_DASH = "\N{EN DASH}"


def read_cures(paths: Sequence[Path]) -> pd.DataFrame:
    """Read the tables of several chains, one after the other, with the columns network and experiment.

    Raises:
        FoolingError: a file is no such table.
    """
    tables = []
    for path in paths:
        often = [*EVALUATIONS, TEST_ERROR]
        table = read_table(path, NUMBERS, (*TEXTS, *often))
        table[often] = table[often].apply(pd.to_numeric, errors="coerce")
        tables.append(table.assign(network=path.parent.name, experiment=path.parent.parent.name))
    return pd.concat(tables, ignore_index=True)


def cures_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each cure of each experiment, and one for the plain networks of each data set.

    Args:
        scores: as `read_cures` gives them. A plain network that several experiments begin with counts once, with the
            images of the experiment that has the most runs against it.

    Returns:
        dataset, classes, cure, experiment (empty for plain networks), round; networks, their number; generations,
        children and runs of each; the medians over the networks of median_confidence, to_50, to_90, to_99 (missing
        where fewer than half of the networks get there), test_error, natural_confidence and noise_confidence; and
        lowest_network and highest_network, the ends of median_confidence.
    """
    plain = scores[scores["cure"] == "none"].sort_values("runs", ascending=False, kind="stable")
    plain = plain.drop_duplicates(["dataset", "classes", "network"]).sort_index().assign(experiment="")
    cured = scores[scores["cure"] != "none"]
    rows = []
    for _, kind in scores.groupby(["dataset", "classes"], sort=False):
        for part in (plain, cured):
            of_kind = part[part.index.isin(kind.index)]
            rows += [_row(group) for _, group in of_kind.groupby(["experiment", "round"], sort=False)]
    return pd.DataFrame(rows)


def _row(group: pd.DataFrame) -> dict[str, Any]:
    first = group.iloc[0]
    # Those that never get there are the slowest.
    evaluations = group[list(EVALUATIONS)].fillna(float("inf")).median().replace(float("inf"), float("nan"))
    return {
        "dataset": first["dataset"],
        "classes": int(first["classes"]),
        "cure": first["cure"],
        "experiment": first["experiment"],
        "round": int(first["round"]),
        "networks": len(group),
        **{name: int(first[name]) for name in ("generations", "children", "runs")},
        **{name: group[name].median() for name in MEASURES},
        "lowest_network": group["median_confidence"].min(),
        "highest_network": group["median_confidence"].max(),
        **{name: evaluations[name] for name in EVALUATIONS},
    }


def cures_html(table: pd.DataFrame) -> str:
    """Return the table of `cures_table` as a small HTML page."""
    head = ["", "median confidence", "range over networks", "evaluations to 50 / 90 / 99\u2009%", "test error"]
    head += ["confidence, test images", "uniform noise", "networks", "runs against each"]
    rows = [
        [
            _label(row),
            format_confidence(row["median_confidence"], decimals=3),
            f"{format_confidence(row['lowest_network'])} {_DASH} {format_confidence(row['highest_network'])}",
            " / ".join(_DASH if pd.isna(row[name]) else f"{row[name]:,.0f}" for name in EVALUATIONS),
            _DASH if pd.isna(row[TEST_ERROR]) else f"{100 * row[TEST_ERROR]:.2f}\u2009%",
            format_confidence(row["natural_confidence"]),
            format_confidence(row["noise_confidence"]),
            f"{row['networks']}",
            f"{row['runs']} of {row['generations']} \N{MULTIPLICATION SIGN} {row['children']}",
        ]
        for row in table.to_dict("records")
    ]
    note = (
        "Images are evolved against each network itself. Medians over networks; median confidence: over classes and "
        "runs; evaluations: of the median run, until its median over the classes is so high. Confidence in test images "
        "and noise: the mean of the largest in a real class. Runs: of so many generations and children. Fooling class: "
        "the images that fooled the plain network are one more class. Outlier exposure: equal confidence in all "
        "classes on them. ACET: low confidence in and around noise."
    )
    return html_page("Cures for fooling", head, rows, note)


def _label(row: Mapping[Hashable, Any]) -> str:
    kind = f"{dataset_name(row['dataset'])}, {row['classes']} classes"
    if row["cure"] == "none":
        return f"{kind}: {NAMES['none']} (DNN1)"
    return f"{kind}: {NAMES[row['cure']]} (DNN{row['round']}, {row['experiment']})"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--scores", type=Path, nargs="+", required=True, help="tables of chains (cure.csv)")
    with recorded(parser) as arguments:
        table = cures_table(read_cures(arguments.scores))
        save_tables(arguments.output, table, cures_html(table))


if __name__ == "__main__":
    run_step(main)
