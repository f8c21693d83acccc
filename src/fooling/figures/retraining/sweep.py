"""How the share of fooling images in the training set, and the number of classes, change what DNN2 is fooled by.

In: tables of rounds that `fooling.steps.experiments.score_retraining` makes, one for each chain of each experiment.
Out: the figure as PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.figures.retraining.sweep --rounds */rounds.csv --output sweep.png sweep.svg
"""

from collections.abc import Callable
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.odds_axis import LEAST, MOST, odds_axis
from fooling.figures.parts.style import (
    COLOURS,
    MARGIN,
    PAGE_WIDTH,
    draw_heading,
    heading_height,
    save_figure,
    style,
    write_powers,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import counted, dataset_name
from fooling.tables.retraining import read_rounds


@style()
def draw_retraining_sweep(rounds: pd.DataFrame) -> Figure:
    """Draw the median confidence against DNN1 and DNN2, and the evaluations to 99 %, by the share of fooling images.

    Args:
        rounds: of several experiments, as `read_rounds` gives them; rounds after the second are left out.

    Raises:
        FoolingError: no share of fooling images is known.
    """
    known = rounds[(rounds["round"] <= 2) & rounds["fooling_share"].notna()]
    if known.empty:
        raise FoolingError("No network was trained on images and fooling images: there is no share to draw.")
    early = known.assign(percent=lambda table: (100 * table["fooling_share"]).round(1))
    height = 3.3
    room = (0, 0, 1, 1 - (MARGIN + heading_height(2)) / height)
    figure = Figure(
        figsize=(PAGE_WIDTH, height), layout=ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.06)
    )
    pairs = early[early["round"] == 2].groupby(["dataset", "classes", "percent"]).size()
    draw_heading(
        figure,
        "What a fooling class changes, by its share of the training set and the number of real classes",
        f"dots: networks, up to {counted(int(pairs.max()), 'pair')} for each share; lines: their median",
        "at 0\u2009%: DNN1, which has no such class; dots at the upper edge, right: not reached in the median run",
    )
    left, right = figure.subplots(1, 2)
    longest = early["to_99"].max()
    never = 10 ** np.ceil(np.log10(longest if np.isfinite(longest) else 10) + 0.1)
    _draw(left, early, lambda table: table["median_confidence"].clip(LEAST, MOST))
    _draw(right, early, lambda table: table["to_99"].fillna(never))
    odds_axis(left)
    left.set(ylabel="median confidence over classes and runs")
    right.set_yscale("log")
    write_powers(right.yaxis)
    right.set(ylabel="evaluations to a median of 99\u2009%")
    right.grid(axis="y")
    left.legend(loc="lower left")
    return figure


def _draw(axes: Axes, rounds: pd.DataFrame, measure: Callable[[pd.DataFrame], pd.Series]) -> None:
    groups = rounds.assign(measured=measure(rounds)).groupby(["dataset", "classes"], sort=False)
    styles = cycle(product(("-", "--", ":"), COLOURS))
    for ((dataset, classes), group), (line, colour) in zip(groups, styles, strict=False):
        axes.plot(group["percent"], group["measured"], "o", color=colour, markersize=3, alpha=0.6, markeredgewidth=0)
        middle = group.groupby("percent")["measured"].median()
        label = f"{dataset_name(str(dataset))}, {classes:.0f} classes"
        axes.plot(middle.index, middle, line, color=colour, label=label)
    axes.set(xlabel="fooling images in the training set of DNN2, %")


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--rounds", type=Path, nargs="+", required=True, help="tables of rounds (.csv)")
    with recorded(parser) as arguments:
        save_figure(draw_retraining_sweep(read_rounds(arguments.rounds)), arguments.output)


if __name__ == "__main__":
    run_step(main)
