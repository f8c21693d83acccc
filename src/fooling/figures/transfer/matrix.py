"""Which networks are fooled by images made against another (paper, section 3.2).

In: transfer.csv of the transfer step. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.transfer.matrix --table transfer.csv --output transfer.png transfer.svg
    python -m fooling.figures.transfer.matrix --table transfer.csv --measures same_label top_5 --output transfer.png
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fooling.artifacts.table import read_table
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.share_cell import draw_share
from fooling.figures.parts.style import (
    DPI,
    INK,
    LABEL_SIZE,
    MARGIN,
    PAGE_WIDTH,
    QUIET,
    SMALL_SIZE,
    draw_heading,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import THRESHOLD, format_confidence, method_name

TEXTS = ("method", "set", "source_network", "network")
MEASURES = {
    "same_label": "same label",
    "top_5": "label among the five best",
    "above_99": f"\N{GREATER-THAN OR EQUAL TO} {format_confidence(0.99)} confidence",
    "above_9999": f"\N{GREATER-THAN OR EQUAL TO} {format_confidence(THRESHOLD)} confidence",
}
"""Columns of the transfer table that can be drawn, and what they are called."""
USUAL = ("same_label", "above_9999")

_LABELS, _CELL, _GAP, _TOP = 2.2, 0.27, 0.1, 0.8
"""Inches: width of the row labels, height of a row, gap between matrices, height above the first row."""


def read_transfer(path: Path) -> pd.DataFrame:
    """Read the table of shares that the transfer step makes.

    Raises:
        FoolingError: the file is no such table, or a group stands in it twice.
    """
    table = read_table(path, ("images", *MEASURES), TEXTS)
    if table.duplicated(list(TEXTS)).any():
        raise FoolingError(f"{path} has two rows for one method, set and pair of networks; make it again.")
    return table


@style()
def draw_transfer_matrix(table: pd.DataFrame, measures: Sequence[str] = USUAL) -> Figure:
    """Draw a matrix for each measure: source networks, grouped by method, against tested networks.

    Args:
        table: as `read_transfer` gives it.
        measures: keys of `MEASURES`.
    """
    networks = list(dict.fromkeys(table["network"]))
    groups = list(table.groupby(["method", "set"], sort=False))
    sources = [group["source_network"].nunique() for _, group in groups]
    width = (PAGE_WIDTH - _LABELS - (len(measures) + 1) * _GAP) / len(measures)
    height = _TOP + sum(sources) * _CELL + len(groups) * _GAP

    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    draw_heading(
        figure,
        "Images made to fool one network, shown to others",
        "percentage of the images; framed: the network they were made against",
    )
    # One axes over the whole figure, in inches from its upper left corner.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, PAGE_WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    lefts = [_LABELS + number * (width + _GAP) for number in range(len(measures))]
    cell_width = width / len(networks)
    for left, measure in zip(lefts, measures, strict=True):
        axes.text(left, _TOP - 0.22, MEASURES[measure], size=LABEL_SIZE, weight="bold", va="bottom")
        for column, network in enumerate(networks):
            middle = left + (column + 0.5) * cell_width
            axes.text(middle, _TOP - 0.05, network, size=SMALL_SIZE, color=QUIET, ha="center", va="bottom")
    top = _TOP
    for _, group in groups:
        method, ascent_set = group[["method", "set"]].iloc[0]
        axes.text(MARGIN, top + _CELL / 2, method_name(method, ascent_set), size=LABEL_SIZE, weight="bold", va="center")
        for source, shares in group.groupby("source_network", sort=False):
            label = f"{source} ({shares['images'].max():.0f})"
            axes.text(_LABELS - 0.08, top + _CELL / 2, label, size=SMALL_SIZE, color=QUIET, ha="right", va="center")
            by_network = shares.set_index("network")
            for left, measure in zip(lefts, measures, strict=True):
                for column, network in enumerate(networks):
                    if network in by_network.index:
                        share = float(by_network.loc[network, measure])
                        draw_share(axes, share, (left + column * cell_width, top), (cell_width, _CELL))
                        if network == source:
                            _frame(axes, left + column * cell_width, top, cell_width)
            top += _CELL
        top += _GAP
    return figure


def _frame(axes: Axes, left: float, top: float, width: float) -> None:
    inset = 0.012
    corner = (left + inset, top + inset)
    axes.add_patch(Rectangle(corner, width - 2 * inset, _CELL - 2 * inset, fill=False, edgecolor=INK, linewidth=1.0))


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="table of shares (transfer.csv)")
    parser.add_argument("--measures", nargs="+", choices=MEASURES, default=USUAL, help="shares to draw")
    with recorded(parser) as arguments:
        save_figure(draw_transfer_matrix(read_transfer(arguments.table), arguments.measures), arguments.output)


if __name__ == "__main__":
    run_step(main)
