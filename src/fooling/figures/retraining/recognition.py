r"""Which images retrained networks take for fooling: old ones, other kinds, and real ones (paper, section 3.5).

In: tables that `fooling.steps.experiments.score_retraining` makes, one for each chain. Out: the figure as PNG, SVG or
PDF, by suffix.

Example:
    python -m fooling.figures.retraining.recognition --recognition recognition.csv --dataset mnist \\
        --output recognition.png recognition.svg
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from fooling.artifacts.table import read_table
from fooling.command_line import run_step
from fooling.figures.parts.share_cell import draw_share
from fooling.figures.parts.style import DPI, LABEL_SIZE, MARGIN, QUIET, SMALL_SIZE, draw_heading, save_figure, style
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import dataset_name, method_name

_LABELS, _CELL, _HEIGHT, _TOP = 3.3, 0.62, 0.25, 0.85
"""Inches: width of the row labels, width and height of a cell, height above the first row."""
_NAMES = {
    "first": "CPPN, generation 0",
    "last": "CPPN, last generation",
    "noise": "uniform noise",
    "test": "real test images",
}


def read_recognition(paths: Sequence[Path]) -> pd.DataFrame:
    """Read what the networks of several chains make of images, one table after the other.

    Raises:
        FoolingError: a file is no such table.
    """
    tables = [read_table(path, ("round", "count", "as_fooling"), ("images", "seen")) for path in paths]
    return pd.concat(tables, ignore_index=True)


@style()
def draw_recognition(table: pd.DataFrame, dataset: str) -> Figure:
    """Draw the share of images that each network takes for fooling, a row for each kind and a column for each network.

    Args:
        table: as `read_recognition` gives it; kinds of several rounds and chains are taken together.
        dataset: what figures call the data set.
    """
    weighted = table.assign(fooling=table["as_fooling"] * table["count"])
    sums = weighted.groupby(["images", "seen", "round"])[["fooling", "count"]].sum()
    kinds = list(dict.fromkeys(zip(table["images"], table["seen"], strict=True)))
    rounds = sorted(set(table["round"]))
    width, height = max(5.0, _LABELS + len(rounds) * _CELL + MARGIN), _TOP + len(kinds) * _HEIGHT + MARGIN
    figure = Figure(figsize=(width, height), dpi=DPI)
    draw_heading(
        figure,
        f"{dataset}: what retrained networks take for fooling",
        "percentage of the images; in brackets how many different ones there are",
    )
    # One axes over the whole figure, in inches from its upper left corner.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for column, number in enumerate(rounds):
        place = (_LABELS + (column + 0.5) * _CELL, _TOP - 0.05)
        axes.text(*place, f"DNN{number:.0f}", size=SMALL_SIZE, color=QUIET, ha="center", va="bottom")
    for row, (kind, seen) in enumerate(kinds):
        by_round = sums.loc[(kind, seen)]
        top = _TOP + row * _HEIGHT
        label = f"{_name(kind, seen=seen == 'True')} ({_span(by_round['count'])})"
        axes.text(MARGIN, top + _HEIGHT / 2, label, size=LABEL_SIZE, va="center")
        for column, number in enumerate(rounds):
            if number in by_round.index:
                share = by_round.loc[number, "fooling"] / by_round.loc[number, "count"]
                draw_share(axes, float(share), (_LABELS + column * _CELL, top), (_CELL, _HEIGHT))
    return figure


def _name(kind: str, *, seen: bool) -> str:
    if kind in ("first", "last"):
        return f"{_NAMES[kind]}, {'learned from' if seen else 'held out'}"
    return _NAMES.get(kind) or method_name(*kind.split(" ", 1))


def _span(counts: pd.Series) -> str:
    least, most = f"{counts.min():,.0f}", f"{counts.max():,.0f}"
    return least if least == most else f"{least}\N{EN DASH}{most}"


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--recognition", type=Path, nargs="+", required=True, help="tables of recognition (.csv)")
    parser.add_argument("--dataset", required=True, help="name of the data set, for the title")
    with recorded(parser) as arguments:
        table = read_recognition(arguments.recognition)
        save_figure(draw_recognition(table, dataset_name(arguments.dataset)), arguments.output)


if __name__ == "__main__":
    run_step(main)
