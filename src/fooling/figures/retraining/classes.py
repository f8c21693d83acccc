"""How the number of classes changes how surely a network is fooled, with and without a class of fooling images.

In: tables of rounds that `fooling.steps.experiments.score_retraining` makes, one for each chain of each experiment.
Out: the figure as PNG, SVG or PDF, by suffix; a panel for each data set and number of evaluations for each class.

Example:
    python -m fooling.figures.retraining.classes --rounds */rounds.csv --output classes.png classes.svg
"""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FormatStrFormatter, NullLocator

from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.odds_axis import LEAST, MOST, odds_axis
from fooling.figures.parts.style import (
    COLOURS,
    MARGIN,
    PAGE_WIDTH,
    QUIET,
    draw_heading,
    heading_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import dataset_name
from fooling.tables.retraining import class_ratio, read_rounds

_APART = 1.05
"""Factor between the places of lines at the same number of classes, so that their points do not hide each other."""


@style()
def draw_retraining_classes(rounds: pd.DataFrame) -> Figure:
    """Draw the median confidence against DNN1 and DNN2 by the number of classes, a line for each size of fooling class.

    Args:
        rounds: of several experiments, as `read_rounds` gives them; rounds after the second are left out.

    Raises:
        FoolingError: no size of a fooling class is known.
    """
    known = rounds[(rounds["round"] <= 2) & rounds["fooling_share"].notna()]
    if known.empty:
        raise FoolingError("No network was trained on images and fooling images: there is no size of a class to draw.")
    sized = known.assign(
        size=class_ratio(known).round(1),
        evaluations=known["generations"] * known["children"] / known["classes"],
        confidence=known["median_confidence"].clip(LEAST, MOST),
    )
    panels = list(sized.groupby(["dataset", "evaluations"], sort=False))
    height = 3.5
    room = (0, 0, 1, 1 - (MARGIN + heading_height(2)) / height)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout=ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN))
    draw_heading(
        figure,
        "What a fooling class changes, by the number of real classes",
        "dots: networks, the median over classes and runs of the last images; lines: the networks' median; bars: their "
        "range",
        "evolution has as many evaluations for each class, whatever their number",
    )
    all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, ((dataset, evaluations), panel) in zip(all_axes, panels, strict=True):
        _draw(axes, panel)
        axes.set(title=f"{dataset_name(str(dataset))}, {evaluations:,.0f} evaluations for each class")
    odds_axis(all_axes[0])
    all_axes[0].set(ylabel="median confidence")
    all_axes[0].legend(loc="best")
    return figure


def _draw(axes: Axes, panel: pd.DataFrame) -> None:
    sizes = sorted(set(panel["size"]))
    for number, (size, colour) in enumerate(zip(sizes, _colours(len(sizes)), strict=True)):
        group = panel[panel["size"] == size]
        shift = _APART ** (number - (len(sizes) - 1) / 2)
        axes.plot(shift * group["classes"], group["confidence"], "o", color=colour, markersize=3, markeredgewidth=0)
        each = group.groupby("classes")["confidence"].agg(["median", "min", "max"])
        places = shift * each.index.to_numpy()
        axes.vlines(places, each["min"], each["max"], color=colour, linewidth=0.8)
        axes.plot(places, each["median"], color=colour, label=_label(size))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(sorted(set(panel["classes"]))))
    axes.xaxis.set_major_formatter(FormatStrFormatter("%d"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="real classes")


def _colours(count: int) -> list[str]:
    """Return a colour for each size: DNN1, which is the reference, is grey."""
    return [QUIET, *(COLOURS[number % len(COLOURS)] for number in range(count - 1))]


def _label(size: float) -> str:
    if not size:
        return "DNN1, no fooling class"
    return f"DNN2, a fooling class of {size:.10g} average {'class' if size == 1 else 'classes'}"


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--rounds", type=Path, nargs="+", required=True, help="tables of rounds (.csv)")
    with recorded(parser) as arguments:
        save_figure(draw_retraining_classes(read_rounds(arguments.rounds)), arguments.output)


if __name__ == "__main__":
    run_step(main)
