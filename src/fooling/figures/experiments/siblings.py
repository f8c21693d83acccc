r"""Fooling images of sibling classes, which look alike within a run (paper, Figure 9).

In: the fooling sets of two runs of one encoding against one network on ImageNet, and the table of siblings of all
runs (CSV, of the step tabulate_siblings). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.siblings --fooling-sets cppn/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-1/fooling_set.npz --siblings tables/siblings.csv --output figure_09.png figure_09.svg
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.command_line import run_step
from fooling.data.class_names import class_name
from fooling.data.imagenet.classes import kinds_of
from fooling.errors import FoolingError
from fooling.experiments.siblings import SMALL
from fooling.figures.parts.captioned import CAPTION_HEIGHT, Captioned, draw_captioned
from fooling.figures.parts.picture import page
from fooling.figures.parts.style import (
    DPI,
    INK,
    LABEL_SIZE,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    QUIET,
    SMALL_SIZE,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.evolution_scale import evolution_scale
from fooling.results.runs import split_runs
from fooling.tables.siblings import read_sibling_table, with_interval

KINDS = {"lizard": "three kinds of lizard", "toy dog": "three kinds of toy dog"}
"""The hypernyms whose kinds the paper shows."""
EACH = 3
FOOLED = 0.5
"""A confidence below it is orange."""
_SAME = {"method": "method", "source_network": "network"}
"""Columns of the table, and what they must equal in the origin of the runs."""
_SIDE, _LABEL, _BETWEEN = 0.82, 0.5, 0.25
"""Inches: an image, the room left of the images, and between the two kinds."""
_CHART_HEIGHT, _CHART_LEFT, _CHART_WIDTH = 1.05, 1.75, 2.35


def choose_siblings(first: FoolingSet, second: FoolingSet) -> dict[str, list[int]]:
    """Return, for each hypernym, the three of its classes whose lower confidence in the two runs is highest.

    Args:
        first: the final images of a run, by class.
        second: those of another.

    Raises:
        FoolingError: the runs have fewer than three of them.
    """
    lower = np.minimum(first.log_confidence, second.log_confidence)
    chosen = {}
    for hypernym in KINDS:
        rows = np.flatnonzero(np.isin(first.target, kinds_of(hypernym)))
        if len(rows) < EACH:
            raise FoolingError(f"These runs have images of fewer than {EACH} kinds of {hypernym}; give whole runs.")
        best = rows[np.argsort(-lower[rows], kind="stable")[:EACH]]
        chosen[hypernym] = sorted(first.target[best].tolist())
    return chosen


@style()
def draw_siblings(fooling_sets: Iterable[FoolingSet], table: pd.DataFrame) -> Figure:
    """Draw three lizards and three toy dogs of two runs, and beneath how alike all pairs of siblings are.

    Args:
        fooling_sets: of two runs of one encoding against one network on ImageNet; one is held at a time.
        table: as `sibling_table` gives it for all runs.

    Raises:
        FoolingError: the sets are not two such runs, or the table is of another encoding or network.
    """
    shown = [number for hypernym in KINDS for number in kinds_of(hypernym)]
    runs = split_runs([one.select(np.isin(one.target, shown)) for one in fooling_sets])
    if len(runs) != 2 or runs[0].origin.dataset != "imagenet":
        raise FoolingError("Figure 9 shows two runs on ImageNet, one for each row; give two fooling sets of one run.")
    scale = evolution_scale([run.origin for run in runs])
    if any(set(table[column]) != {getattr(runs[0].origin, key)} for column, key in _SAME.items()):
        raise FoolingError("The table of siblings is of another encoding or network; make it of these runs.")
    chosen = choose_siblings(*runs)
    rule = f"of each kind the {EACH} classes whose lower confidence in the two runs is highest"
    subtitle = (scale, f"{rule}; below {100 * FOOLED:g}\u2009% in orange")
    head, kind_height = MARGIN + heading_height(len(subtitle)), line_height(LABEL_SIZE) + 0.04
    row_height = _SIDE + CAPTION_HEIGHT + 0.06
    chart_top = head + kind_height + 2 * row_height + 0.68
    height = chart_top + _CHART_HEIGHT + 0.4 + MARGIN
    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    draw_heading(figure, "Fooling images of sibling classes", *subtitle)
    axes = page(figure)
    _draw_images(axes, runs, chosen, head)
    _draw_chart_heading(axes, table, chart_top)
    place = (_CHART_LEFT / PAGE_WIDTH, 1 - (chart_top + _CHART_HEIGHT) / height)
    chart = figure.add_axes((*place, _CHART_WIDTH / PAGE_WIDTH, _CHART_HEIGHT / height))
    _draw_chart(chart, table)
    return figure


def _draw_images(axes: Axes, runs: Sequence[FoolingSet], chosen: dict[str, list[int]], head: float) -> None:
    pitch = (PAGE_WIDTH - 2 * MARGIN - _LABEL - _BETWEEN) / (EACH * len(chosen))
    top = head + line_height(LABEL_SIZE) + 0.04
    for run in runs:
        axes.text(MARGIN, top + _SIDE / 2, f"run {run.run[0]}", size=LABEL_SIZE, va="center")
        for block, (hypernym, targets) in enumerate(chosen.items()):
            left = MARGIN + _LABEL + block * (EACH * pitch + _BETWEEN)
            axes.text(left, head, KINDS[hypernym], size=LABEL_SIZE, weight="bold", va="top")
            for number, row in enumerate(np.searchsorted(run.target, targets).tolist()):
                name = class_name("imagenet", int(run.target[row]))
                captioned = Captioned(run.images[row], name, float(run.confidence[row]))
                draw_captioned(axes, captioned, left + number * pitch, top, _SIDE, least=FOOLED, room=pitch)
        top += _SIDE + CAPTION_HEIGHT + 0.06


def _draw_chart_heading(axes: Axes, table: pd.DataFrame, top: float) -> None:
    first = table.iloc[0]
    runs, network = int(first["runs"]), first["network"]
    title = f"All pairs of classes, {runs} runs: how alike their champions are in {network}'s features"
    axes.text(MARGIN, top - 0.62, title, size=LABEL_SIZE, weight="bold", va="top")
    excess = {
        row["images"]: with_interval(row, "excess") for row in table.to_dict("records") if row["siblings"] == "yes"
    }
    lines = (
        f"siblings: the same closest hypernym in WordNet, or a hypernym of no more than {SMALL} of the classes",
        f"their difference exceeds that of other pairs by {excess['all']}; different images: {excess['different']}",
    )
    for number, line in enumerate(lines, start=1):
        axes.text(MARGIN, top - 0.62 + number * line_height(LABEL_SIZE), line, size=LABEL_SIZE, color=QUIET, va="top")
    for x, line in ((4.25, "difference [95\u2009% interval]"), (6.0, "one image holds both")):
        axes.text(x, top - 0.06, line, size=SMALL_SIZE, color=QUIET, va="bottom")
    for number, row in enumerate(table.to_dict("records")):
        middle = top + (number + 0.5) * _CHART_HEIGHT / len(table)
        axes.text(4.25, middle, with_interval(row, "difference"), size=SMALL_SIZE, va="center")
        same = f"{100 * row['same_image']:.2f}\u2009%" if row["images"] == "all" else "left out"
        axes.text(6.0, middle, same, size=SMALL_SIZE, va="center")


def _draw_chart(axes: Axes, table: pd.DataFrame) -> None:
    names = {"yes": "siblings", "no": "other pairs"}
    colour = METHOD_COLOURS["cppn"]
    for number, row in enumerate(table.to_dict("records")):
        axes.plot((row["between"], row["within"]), (number, number), color=colour, linewidth=1.0, zorder=2)
        axes.plot(row["between"], number, "o", color="white", markeredgecolor=INK, markersize=4, zorder=3)
        axes.plot(row["within"], number, "o", color=colour, markeredgecolor=INK, markersize=4, zorder=3)
    labels = [
        f"{names[row['siblings']]}" + (", different images" if row["images"] == "different" else "")
        for row in table.to_dict("records")
    ]
    axes.set(ylim=(len(table) - 0.5, -0.5), yticks=range(len(table)), yticklabels=labels)
    axes.set(xlabel="cosine similarity: within a run (filled), between runs (open)")
    axes.grid(axis="x")
    axes.set_axisbelow(True)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs=2, required=True, help="fooling sets of two runs")
    parser.add_argument("--siblings", type=Path, required=True, help="table of siblings (CSV)")
    with recorded(parser) as arguments:
        fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
        save_figure(draw_siblings(fooling_sets, read_sibling_table(arguments.siblings)), arguments.output)


if __name__ == "__main__":
    run_step(main)
