r"""A chain of retrained networks in numbers, beside the paper (supplementary Table S2).

In: tables of rounds that `fooling.steps.experiments.score_retraining` makes, one for each chain, and the paper's
values. Out: the table as CSV or HTML, by suffix.

Example:
    python -m fooling.tables.retraining --rounds rounds.csv --paper-values config/paper_values.csv \\
        --item table_s2 --output table_s2.csv table_s2.html
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.paper_values import STATUSES, published, read_paper_values
from fooling.results.wording import dataset_name, format_confidence
from fooling.tables.html import html_page

ALWAYS = (
    "round",
    "classes",
    "generations",
    "children",
    "fooling_images",
    "runs",
    "median_confidence",
    "lowest_run",
    "highest_run",
)
OFTEN = ("fooling_share", "test_error", "to_90", "to_99", "to_9999", "old_confidence", "old_as_fooling")
AS_FOOLING = "test_as_fooling"
"""Columns of `fooling.experiments.rounds.tabulate_rounds`; all but the first group may be empty."""
_DASH = "\N{EN DASH}"


def read_rounds(paths: Sequence[Path]) -> pd.DataFrame:
    """Read the tables of rounds of several chains, one after the other, with the column network.

    Raises:
        FoolingError: a file is no such table.
    """
    tables = []
    for path in paths:
        table = read_table(path, ALWAYS, ("dataset", *OFTEN, AS_FOOLING))
        table[[*OFTEN, AS_FOOLING]] = table[[*OFTEN, AS_FOOLING]].apply(pd.to_numeric, errors="coerce")
        as_fooling = table.pop(AS_FOOLING)
        table.insert(list(table).index("fooling_images") + 1, AS_FOOLING, as_fooling)
        tables.append(table.assign(network=path.parent.name, experiment=path.parent.parent.name))
    return pd.concat(tables, ignore_index=True)


def class_ratio(rounds: pd.DataFrame) -> pd.Series:
    """Return the size of each round's fooling class as a multiple of an average real class; missing as its share is."""
    share = rounds["fooling_share"]
    return rounds["classes"] * share / (1 - share)


def retraining_table(rounds: pd.DataFrame, paper: pd.DataFrame, item: str | None) -> pd.DataFrame:
    """Return the rounds, the size of the fooling class as a multiple of an average real class, and the paper's values.

    These are its test errors and medians of the same rounds, in percent, where it has some.

    Args:
        rounds: as `read_rounds` gives them.
        paper: as `read_paper_values` gives it.
        item: the paper's table in `paper`; None for a data set that it does not have.
    """
    values = published(paper, item) if item is not None else {}
    beside = {
        f"paper_{quantity}": [
            found.value if (found := values.get(f"{quantity}_dnn{number:.0f}")) else float("nan")
            for number in rounds["round"]
        ]
        for quantity in ("test_error", "median_confidence")
    }
    return rounds.assign(class_ratio=class_ratio(rounds), **beside)


def retraining_html(table: pd.DataFrame, paper: pd.DataFrame, item: str | None) -> str:
    """Return the table of `retraining_table` as a small HTML page."""
    head = [
        "",
        "fooling images",
        "of the training set",
        "test error",
        "paper",
        "test images taken for fooling",
        "median confidence",
        "range over runs",
        "paper",
        "evaluations to 90 / 99 / 99.99\u2009%",
        "old fooling images' confidence",
        "taken for fooling",
    ]
    rows = [
        [
            f"{row['network']}, DNN{row['round']:.0f}",
            f"{row['fooling_images']:,.0f}",
            _or_dash(100 * row["fooling_share"], "{:.1f}\u2009%"),
            _or_dash(100 * row["test_error"], "{:.2f}\u2009%"),
            _or_dash(row["paper_test_error"], "{:.2f}\u2009%"),
            _or_dash(100 * row["test_as_fooling"], "{:.2f}\u2009%"),
            format_confidence(row["median_confidence"], decimals=3),
            f"{format_confidence(row['lowest_run'])} {_DASH} {format_confidence(row['highest_run'])}",
            _or_dash(row["paper_median_confidence"], "{:.2f}\u2009%"),
            " / ".join(_or_dash(row[name], "{:,.0f}") for name in ("to_90", "to_99", "to_9999")),
            _DASH if pd.isna(row["old_confidence"]) else format_confidence(row["old_confidence"]),
            _or_dash(100 * row["old_as_fooling"], "{:.0f}\u2009%"),
        ]
        for row in table.to_dict("records")
    ]
    runs = ", ".join(dict.fromkeys(f"{number:.0f}" for number in table["runs"]))
    note = (
        f"Medians over classes and runs ({runs} runs a network); evaluations: of the median run, until its median over "
        "the classes is so high. Old fooling images are those evolved against the network before."
    )
    if table["fooling_share"].isna().any():
        note += (
            " Without the data set's own images, the weights are frozen but for one further output, and test images "
        )
        note += "are twenty photographs."
    if item is not None:
        statuses = dict.fromkeys(value.status for value in published(paper, item).values())
        note += f" The paper's values are {'; '.join(f'{status}: {STATUSES[status]}' for status in statuses)}."
    datasets = ", ".join(dict.fromkeys(dataset_name(name) for name in table["dataset"]))
    return html_page(f"Retraining with fooling images, {datasets}", head, rows, note)


def _or_dash(value: float, form: str) -> str:
    return _DASH if pd.isna(value) else form.format(value)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--rounds", type=Path, nargs="+", required=True, help="tables of rounds (.csv)")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (.csv)")
    parser.add_argument("--item", help="the paper's table among them [default: none has these networks]")
    with recorded(parser) as arguments:
        paper = read_paper_values(arguments.paper_values)
        table = retraining_table(read_rounds(arguments.rounds), paper, arguments.item)
        save_tables(arguments.output, table, retraining_html(table, paper, arguments.item))


if __name__ == "__main__":
    run_step(main)
