r"""How often images fool a network that they were not made against, beside the paper (supplementary Table S1).

In: transfer.csv of the transfer step, and the paper's values. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.transfer --table transfer.csv --paper-values config/paper_values.csv \
        --item table_s1_mnist --output table_s1.csv table_s1.html
"""

from pathlib import Path

import pandas as pd

from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.paper_values import STATUSES, read_paper_values
from fooling.results.wording import method_name
from fooling.tables.html import html_page

TEXTS = ("method", "set", "source_network", "network")
QUANTITIES = {
    "same_label": ("same_label", "same top-1 label on the other network"),
    "both_above_threshold": ("both_above_9999", "confidence of at least 99.99\u2009% on both networks"),
    "source_more_confident": ("source_more_confident", "the source network is the more confident one"),
}
"""Rows of the table: the paper's quantity, the column of the transfer table, and what it means."""
EVOLVED = ("direct", "cppn")
"""Methods that the paper's table is about; gradient ascent stands beside them and is not averaged in."""


def read_shares(path: Path) -> pd.DataFrame:
    """Read the table of shares that the transfer step makes.

    Raises:
        FoolingError: the file is no such table.
    """
    return read_table(path, ["images", *(column for column, _ in QUANTITIES.values())], TEXTS)


def transfer_table(shares: pd.DataFrame, paper: pd.DataFrame, item: str) -> pd.DataFrame:
    """Set our shares of transferring images beside the paper's.

    Args:
        shares: as `read_shares` gives it; what a source network says of its own images does not count.
        paper: as `read_paper_values` gives it.
        item: the paper's table in `paper`, such as `table_s1_mnist`.

    Returns:
        One row per quantity: quantity, meaning, unit, paper, paper_status, ours (mean over the evolved methods), and
        a column for each method or set of ascent (mean over all ordered pairs of two different networks), in
        percent, rounded to one decimal.

    Raises:
        FoolingError: no image was scored on another network than its source, or the paper's values lack a quantity.
    """
    cross = shares[shares["source_network"] != shares["network"]]
    if cross.empty:
        raise FoolingError("No images were scored on another network than their own; give at least two networks.")
    columns = [column for column, _ in QUANTITIES.values()]
    names = (cross["method"] + " " + cross["set"]).str.strip()
    means = 100 * cross.groupby(names, sort=False)[columns].mean()
    evolved = means[means.index.isin(EVOLVED)].mean()
    rows = []
    for quantity, (column, meaning) in QUANTITIES.items():
        published = paper[(paper["item"] == item) & (paper["quantity"] == quantity)]
        if published.empty:
            raise FoolingError(f"The paper's values have no {quantity} of {item}; add it to their table.")
        row = {
            "quantity": quantity,
            "meaning": meaning,
            "unit": published["unit"].iloc[0],
            "paper": published["value"].iloc[0],
            "paper_status": published["status"].iloc[0],
            "ours": evolved[column],
        }
        rows.append(row | means[column].to_dict())
    return pd.DataFrame(rows).round(1)


def transfer_html(table: pd.DataFrame, shares: pd.DataFrame) -> str:
    """Return the table of `transfer_table`, made from `shares`, as a small HTML page."""
    ours = list(table.columns[table.columns.get_loc("ours") :])
    names = ["evolved, mean", *(method_name(*name.split(" ", 1)) for name in ours[1:])]
    body = []
    for _, row in table.iterrows():
        paper = f"{row['paper']:.1f} {row['paper_status']}"
        cells = ["\N{EN DASH}" if pd.isna(row[name]) else f"{row[name]:.1f}" for name in ours]
        body.append([row["meaning"], paper, *cells])
    statuses = "; ".join(f"{status}: {STATUSES[status]}" for status in dict.fromkeys(table["paper_status"]))
    counts = shares.groupby(["method", "set", "source_network"], sort=False)["images"].max()
    totals = counts.groupby(["method", "set"], sort=False).sum()
    images = ", ".join(
        f"{method_name(method, ascent_set)}: {total:,.0f}"
        for method, ascent_set, total in totals.reset_index().itertuples(index=False)
    )
    note = (
        "Percent of the images, mean over all pairs of two different networks. "
        f"Images: {images}. The paper's values are {statuses}."
    )
    return html_page("Transfer between networks", ["", "paper", *names], body, note)


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="table of shares (transfer.csv)")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--item", default="table_s1_mnist", help="which of them [default: %(default)s]")
    with recorded(parser) as arguments:
        shares = read_shares(arguments.table)
        table = transfer_table(shares, read_paper_values(arguments.paper_values), arguments.item)
        save_tables(arguments.output, table, transfer_html(table, shares))


if __name__ == "__main__":
    run_step(main)
