"""A ReLU network grows certain far from its data (Hein et al. 2019, theorem 3.1), beside the paper's Figure 14.

In: the table that the step far_from_data writes. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.far_from_data --table far_from_data.csv --output far_from_data.png
"""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from fooling.artifacts.table import read_table
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.odds_axis import LEAST, MOST, odds_axis
from fooling.figures.parts.style import (
    MARGIN,
    PAGE_WIDTH,
    draw_heading,
    heading_height,
    save_figure,
    style,
    write_powers,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import dataset_name, format_share

NUMBERS = ("scale", "count", "low", "median", "high", "certain")
TEXTS = ("kind", "dataset")
_COLOURS = {"plane": "#0072b2", "natural": "#009e73", "noise": "#d55e00"}
_NAMES = {"plane": "rays", "natural": "test images", "noise": "noise images"}


def read_far_from_data(path: Path) -> pd.DataFrame:
    """Read the table.

    Raises:
        FoolingError: the file is no such table.
    """
    table = read_table(path, NUMBERS, TEXTS)
    if set(table["kind"]) != set(_NAMES):
        raise FoolingError(f"{path} does not hold rays, test images and noise; make it again.")
    return table


@style()
def draw_far_from_data(table: pd.DataFrame) -> Figure:
    """Draw a panel for the classifier in the plane and one for the network of images.

    Args:
        table: as `read_far_from_data` gives it.
    """
    height = 2.9
    room = (0, 0, 1, 1 - (MARGIN + heading_height(1)) / height)
    figure = Figure(
        figsize=(PAGE_WIDTH, height), layout=ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.06)
    )
    draw_heading(
        figure,
        "Far from its data a ReLU network grows certain",
        "confidence in the likeliest class; lines: the median, shaded: from the 5\u2009% to the 95\u2009% quantile",
    )
    plane, images = figure.subplots(1, 2, sharey=True)
    _draw(plane, table, ["plane"])
    plane.set(title="Points in the plane", xlabel="distance from the centre, by that of the data's ring")
    plane.set_ylabel("confidence")
    _draw(images, table, ["natural", "noise"])
    name = dataset_name(table["dataset"].iloc[0])
    images.set(title=f"{name} images and noise", xlabel="factor on the network's input")
    return figure


def _draw(axes: Axes, table: pd.DataFrame, shown: list[str]) -> None:
    for kind in shown:
        rows, colour = table[table["kind"] == kind].sort_values("scale"), _COLOURS[kind]
        low, median, high = (rows[name].clip(LEAST, MOST) for name in ("low", "median", "high"))
        axes.fill_between(rows["scale"], low, high, color=colour, alpha=0.2, linewidth=0)
        last = rows.iloc[-1]
        label = (
            f"{last['count']:,.0f} {_NAMES[kind]}; finally {format_share(last['certain'])}\u2009% above 99.99\u2009%"
        )
        axes.plot(rows["scale"], median, color=colour, label=label)
    axes.set_xscale("log")
    write_powers(axes.xaxis)
    odds_axis(axes)
    axes.set_ylim(0.003, 1 - (1 - MOST) / 2)
    axes.legend(loc="lower right")


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="what the step far_from_data wrote (.csv)")
    with recorded(parser) as arguments:
        save_figure(draw_far_from_data(read_far_from_data(arguments.table)), arguments.output)


if __name__ == "__main__":
    run_step(main)
