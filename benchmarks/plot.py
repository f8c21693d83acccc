r"""Draw what the other benchmarks measured.

In, from the folder: ratios.csv, turns.csv, stages.csv, rendering.csv, loop.csv, scaling.csv. Out: the figure as PNG,
SVG or PDF, by suffix.

    python -m benchmarks.plot --folder results/bench --output results/bench/bench.png
"""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fooling.artifacts.table import read_table
from fooling.command_line import run_step, step_parser
from fooling.figures.parts.style import (
    INK,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    QUIET,
    draw_heading,
    heading_height,
    save_figure,
    style,
)

HEIGHT = 6.4
NETWORK_NAMES = {"lenet": "LeNet", "alexnet": "AlexNet", "lite0": "Lite0"}
STAGE_COLOURS = {
    "breed": "#0072b2",
    "render": "#d55e00",
    "archive": "#009e73",
    "record": "#cc79a7",
    "rest": "#999999",
}
PEER_COLOURS = ("#d55e00", "#56b4e9", "#0072b2")
GROWTHS = {
    "population": ("children per generation", "µs per child", "a generation, LeNet"),
    "image_size": ("pixels along a side", "ns per pixel", "drawing 20 nodes"),
    "hidden_nodes": ("hidden nodes", "ns per connection and pixel", "drawing 64 x 64"),
    "niches": ("niches", "ms per generation", "archive and history"),
}


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--folder", type=Path, default=Path("results/bench"), help="with the tables [results/bench]")
    parser.add_argument("--output", type=Path, nargs="+", help="figures to write [bench.png in the folder]")
    arguments = parser.parse_args()
    save_figure(draw(arguments.folder), arguments.output or [arguments.folder / "bench.png"])


@style()
def draw(folder: Path) -> Figure:
    """Draw the tables of a folder.

    Raises:
        FoolingError: one is missing or damaged.
    """
    engine = ConstrainedLayoutEngine(
        rect=(0, 0, 1, 1 - (MARGIN + heading_height(1)) / HEIGHT), w_pad=MARGIN, h_pad=MARGIN, hspace=0.06
    )
    figure = Figure(figsize=(PAGE_WIDTH, HEIGHT), layout=engine)
    draw_heading(figure, "What evolution costs beside the network", "medians; whiskers: the middle half of turns")
    axes = figure.subplot_mosaic(
        [["ratios"] * 2 + ["stages"] * 2, ["rendering"] * 2 + ["loop"] * 2, list(GROWTHS)], height_ratios=[1.2, 1, 1]
    )
    _draw_ratios(axes["ratios"], folder)
    _draw_stages(axes["stages"], folder)
    _draw_rendering(axes["rendering"], folder)
    _draw_loop(axes["loop"], folder)
    scaling = read_table(folder / "scaling.csv", ("value", "median"), ("quantity", "unit"))
    for quantity in GROWTHS:
        _draw_growth(axes[quantity], quantity, scaling)
    return figure


def _row_names(table: pd.DataFrame) -> pd.Series:
    networks = table["network"].map(lambda name: NETWORK_NAMES.get(name, name))
    return networks + " " + table["precision"] + ", " + table["encoding"]


def _draw_ratios(axes: Axes, folder: Path) -> None:
    turns = read_table(folder / "turns.csv", ("forward_ms", "loop_ms"), ("network", "encoding", "precision"))
    shares = (turns["forward_ms"] / turns["loop_ms"]).groupby(_row_names(turns), sort=False)
    low, middle, high = (shares.quantile(q) for q in (0.25, 0.5, 0.75))
    colours = [METHOD_COLOURS[name.rsplit(", ", 1)[1]] for name in middle.index]
    places = range(len(middle))
    axes.barh(places, middle, color=colours, height=0.6)
    axes.errorbar(middle, places, xerr=[middle - low, high - middle], fmt="none", ecolor=INK, elinewidth=0.8)
    for place, ratio in zip(places, middle, strict=True):
        axes.text(0.02, place, f"{ratio:.3f}", va="center", color="white")
    axes.set(yticks=places, yticklabels=middle.index, xlim=(0, 1.1), title="full loop / forward pass alone")
    axes.axvline(1, color=QUIET, linewidth=0.6)
    axes.invert_yaxis()


def _draw_stages(axes: Axes, folder: Path) -> None:
    stages = read_table(folder / "stages.csv", ("share",), ("network", "encoding", "precision", "stage"))
    shares = stages.assign(row=_row_names(stages)).pivot_table(index="row", columns="stage", values="share", sort=False)
    left = 0 * shares["rest"]
    for stage, colour in STAGE_COLOURS.items():
        axes.barh(range(len(shares)), 100 * shares[stage], left=left, color=colour, height=0.6, label=stage)
        left += 100 * shares[stage]
    axes.set(yticks=[], title="where the rest goes", xlabel="% of a generation")
    axes.invert_yaxis()
    axes.legend(loc="lower right", handlelength=0.8, fontsize=6, labelspacing=0.2)


def _draw_rendering(axes: Axes, folder: Path) -> None:
    table = read_table(folder / "rendering.csv", ("image_size", "hidden_nodes", "images_per_s"), ("peer",))
    cases = list(table.groupby(["image_size", "hidden_nodes"], sort=False))
    peers = list(dict.fromkeys(table["peer"]))
    for number, (peer, colour) in enumerate(zip(peers, PEER_COLOURS, strict=True)):
        speeds = [float(case.loc[case["peer"] == peer, "images_per_s"].iloc[0]) for _, case in cases]
        places = [place + 0.26 * (number - 1) for place in range(len(cases))]
        axes.bar(places, speeds, width=0.24, color=colour, label=peer)
    names = [f"{size:.0f} x {size:.0f}\n{hidden:.0f} nodes" for (size, hidden), _ in cases]
    axes.set(yscale="log", title="drawing CPPNs, images/s", xticks=range(len(cases)), xticklabels=names)
    axes.legend(loc="upper right", handlelength=0.8, fontsize=6, labelspacing=0.2)


def _draw_loop(axes: Axes, folder: Path) -> None:
    table = read_table(folder / "loop.csv", ("overhead_ms", "population"), ("loop",))
    axes.barh(table["loop"], table["overhead_ms"], color=PEER_COLOURS[:2], height=0.5)
    for place, milliseconds in enumerate(table["overhead_ms"]):
        axes.text(milliseconds, place, f" {milliseconds:.2f}", va="center")
    population = table["population"].iloc[0]
    axes.set(xlabel=f"ms, {population:.0f} children, 10 niches", title="a generation of the direct loop, network aside")
    axes.margins(x=0.15)
    axes.invert_yaxis()


def _draw_growth(axes: Axes, quantity: str, scaling: pd.DataFrame) -> None:
    label, unit, title = GROWTHS[quantity]
    points = scaling[(scaling["quantity"] == quantity) & (scaling["unit"] != "%")]
    axes.plot(points["value"], points["median"], marker="o", markersize=3, color=INK)
    axes.set(xscale="log", xlabel=label, ylabel=unit, title=title, ylim=(0, 1.25 * points["median"].max()))
    axes.xaxis.set_major_locator(FixedLocator(points["value"].tolist()))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


if __name__ == "__main__":
    run_step(main)
