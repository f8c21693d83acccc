r"""How confident a network is in its fooling images, for each class (paper, Figures 6 and 7).

In: the fooling sets of all runs of one encoding against one network, the paper's values, and, if there are some, the
scores of natural images (of the step score_natural). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.class_confidence --fooling-sets cppn/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-1/fooling_set.npz --paper-values config/paper_values.csv --item figure_7 \
        --natural natural/imagenet.csv --output figure_07.png figure_07.svg
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.style import (
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
from fooling.results.class_runs import THRESHOLDS, ClassRuns, gather_class_runs
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.natural_scores import NaturalScores, read_natural_scores, scores_of
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.wording import counted, dataset_name, format_confidence, method_name

MARKED = {"dog": ("^", "#cc79a7"), "cat": ("D", "#56b4e9")}
"""Kinds that the paper names as the worst: marker and colour, told apart in grey print by their shape."""
_HEIGHT = 4.6
_TICKS = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 - 1e-5, 1 - 1e-6)
_NATURAL_COLOUR = "#009e73"
_LEAST = 1e-7
"""Nearest to 0 and to 1 that the axis of odds goes; it has no place for either."""


@style()
def draw_class_confidence(
    runs: ClassRuns, paper: Mapping[str, Published], natural: NaturalScores | None = None
) -> Figure:
    """Draw the median of the runs for each class as a point and their range as a line.

    Above sorted by confidence, on a plain axis as in the paper; beneath by the class's number, on an axis of odds,
    which shows classes near 0 and near 1 alike. At the right what the points come to, beside the paper's numbers.

    Args:
        runs: of one encoding against one network.
        paper: what the paper reports, in percent or classes, by quantity (see `published`).
        natural: of the same network, to be set beside.
    """
    room = (0, 0, 1, 1 - (MARGIN + heading_height(2)) / _HEIGHT)
    engine = ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.02)
    figure = Figure(figsize=(PAGE_WIDTH, _HEIGHT), layout=engine)
    classes = f"{len(runs.target):,} classes"
    title = f"{dataset_name(runs.dataset)}: confidence in each of {classes}, {method_name(runs.method)}"
    reported = f"; the paper: {paper['median_confidence'].scale}" if "median_confidence" in paper else ""
    draw_heading(figure, title, f"{runs.scale} against {runs.network}{reported}", _legend_sentence(runs))
    grid = figure.add_gridspec(2, 2, width_ratios=(2.7, 1))
    by_rank, by_class = (figure.add_subplot(grid[row, 0]) for row in range(2))
    order = np.argsort(-runs.median, kind="stable")
    _draw_points(by_rank, runs, np.argsort(order, kind="stable") + 1)
    _draw_points(by_class, runs, runs.target)
    medians = _medians(runs, paper, natural)
    for axes in (by_rank, by_class):
        for value, look in medians.values():
            axes.axhline(value, **look)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
    by_rank.set(xlabel="classes, sorted by confidence", ylabel="confidence", ylim=(-0.02, 1.02))
    by_rank.set_xlim(0, len(order) + 1)
    by_rank.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}\u2009%"))
    _finish_odds(by_class, runs)
    numbers = figure.add_subplot(grid[:, 1])
    numbers.set_axis_off()
    _write_numbers(numbers, runs, paper, natural)
    numbers.legend(handles=_legend(runs, medians), loc="lower left", borderaxespad=0, frameon=False, handlelength=1.6)
    return figure


def _legend_sentence(runs: ClassRuns) -> str:
    if len(runs.confidence) == 1:
        return "points: the run's confidence in each class"
    return "points: median of the runs for each class; lines behind them: their range"


def _marked(runs: ClassRuns) -> dict[str, np.ndarray]:
    """Return which classes are drawn as what kind, bool (classes,), as far as there are such classes."""
    kinds = {kind: runs.kinds(kind) for kind in MARKED}
    return {kind: rows for kind, rows in kinds.items() if rows.any()}


def _draw_points(axes: Axes, runs: ClassRuns, places: np.ndarray) -> None:
    marked = _marked(runs)
    others = ~np.any([np.zeros(len(places), dtype=bool), *marked.values()], axis=0)
    colour = METHOD_COLOURS.get(runs.method, INK)
    groups = [(others, "o", colour, 1.7)] + [(marked[kind], *MARKED[kind], 2.6) for kind in marked]
    values = _clipped(runs.confidence)
    middle = _clipped(runs.median)
    for layer, (rows, marker, point_colour, size) in enumerate(groups, start=3):
        if len(values) > 1:
            lowest, highest = values[:, rows].min(axis=0), values[:, rows].max(axis=0)
            axes.vlines(places[rows], lowest, highest, color=point_colour, alpha=0.3, linewidth=0.5, zorder=2)
        points = {"linestyle": "none", "markersize": size, "markeredgewidth": 0, "zorder": layer}
        axes.plot(places[rows], middle[rows], marker=marker, color=point_colour, **points)


def _clipped(confidence: np.ndarray) -> np.ndarray:
    return np.clip(confidence, _LEAST, 1 - _LEAST)


def _medians(
    runs: ClassRuns, paper: Mapping[str, Published], natural: NaturalScores | None
) -> dict[str, tuple[float, dict[str, Any]]]:
    """Return the medians that are drawn as lines, by their name: the value and the line's look."""
    common = {"linewidth": 1.0, "zorder": 1}
    lines: dict[str, tuple[float, dict[str, Any]]] = {
        "median of the classes": (
            float(np.median(runs.median)),
            common | {"color": METHOD_COLOURS.get(runs.method, INK), "linestyle": "-"},
        )
    }
    if "median_confidence" in paper:
        reported = paper["median_confidence"].value / 100
        lines["the paper's median"] = (reported, common | {"color": INK, "linestyle": (0, (4, 3))})
    if natural is not None:
        value = float(np.median(natural.confidence))
        lines["natural images' median"] = (value, common | {"color": _NATURAL_COLOUR, "linestyle": (0, (1, 1.5))})
    return lines


def _finish_odds(axes: Axes, runs: ClassRuns) -> None:
    lowest, highest = _clipped(runs.confidence).min(), _clipped(runs.confidence).max()
    axes.set_yscale("logit")
    axes.set(xlabel="number of the class", ylabel="the same, by its odds")
    axes.set_xlim(runs.target[0] - 1, runs.target[-1] + 1)
    axes.set_ylim(lowest / 2, max(0.95, 1 - (1 - highest) / 2))
    axes.yaxis.set_major_locator(FixedLocator(_TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.6g}\u2009%"))


def _legend(runs: ClassRuns, medians: Mapping[str, tuple[float, dict[str, Any]]]) -> list[Line2D]:
    points: dict[str, Any] = {"linestyle": "none", "markersize": 4, "markeredgewidth": 0}
    colour = METHOD_COLOURS.get(runs.method, INK)
    handles = [Line2D([], [], marker="o", color=colour, label="a class", **points)]
    for kind in _marked(runs):
        marker, kind_colour = MARKED[kind]
        handles.append(Line2D([], [], marker=marker, color=kind_colour, label=f"a kind of {kind}", **points))
    return handles + [Line2D([], [], label=name, **look) for name, (_, look) in medians.items()]


def _write_numbers(axes: Axes, runs: ClassRuns, paper: Mapping[str, Published], natural: NaturalScores | None) -> None:
    """Write a small table at the top of `axes`: what is counted, here, in the paper."""
    step = line_height(LABEL_SIZE) / (_HEIGHT - heading_height(2) - 0.3)
    top = 1.0
    for size, colour, cells in _number_lines(runs, paper, natural):
        for place, cell, side in zip((0.0, 0.72, 1.0), cells, ("left", "right", "right"), strict=True):
            axes.text(place, top, cell, size=size, color=colour, ha=side, va="top", transform=axes.transAxes)
        top -= step * (1.15 if any(cells) else 0.5)


def _number_lines(
    runs: ClassRuns, paper: Mapping[str, Published], natural: NaturalScores | None
) -> list[tuple[float, str, tuple[str, str, str]]]:
    """Return size, colour and cells of each line of the small table."""

    def percent(quantity: str) -> str:
        return f"{paper[quantity].value:g}\u2009%" if quantity in paper else ""

    def line(name: str, here: str, there: str = "") -> tuple[float, str, tuple[str, str, str]]:
        return LABEL_SIZE, INK, (name, here, there)

    gap = line("", "")
    median = runs.median
    lines = [
        (SMALL_SIZE, QUIET, ("", "here", "paper")),
        line("median", format_confidence(float(np.median(median))), percent("median_confidence")),
        line("highest", format_confidence(float(median.max())), percent("highest_confidence")),
    ]
    if len(runs.confidence) > 1:
        lines.append(line("in one run", format_confidence(float(runs.confidence.max()))))
    lines += [gap, (SMALL_SIZE, QUIET, ("classes that reach", "", ""))]
    for threshold, key in THRESHOLDS.items():
        count = runs.reaching(threshold)
        there = paper.get(f"classes_at_{key}")
        here = f"{count} ({100 * count / len(median):.1f}\u2009%)"
        lines.append(line(f"{100 * threshold:g}\u2009%", here, f"{there.value:g}" if there else ""))
    marked = runs.kinds(*MARKED)
    if marked.any():
        lines += [
            gap,
            (SMALL_SIZE, QUIET, ("median of", "", "")),
            line(f"{marked.sum()} dogs, cats", format_confidence(float(np.median(median[marked])))),
            line("all others", format_confidence(float(np.median(median[~marked])))),
        ]
    if natural is not None:
        value = format_confidence(float(np.median(natural.confidence)))
        lines += [
            gap,
            (SMALL_SIZE, QUIET, (counted(len(natural.confidence), natural.source), "", "")),
            line("median", value),
        ]
    return lines


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, one for each run")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--item", required=True, help="which of them, such as figure_7")
    parser.add_argument("--natural", type=Path, help="scores of natural images (CSV)")
    with recorded(parser) as arguments:
        paper = published(read_paper_values(arguments.paper_values), arguments.item)
        natural = [] if arguments.natural is None else read_natural_scores([arguments.natural])
        gathered = gather_class_runs(FoolingSetFiles(arguments.fooling_sets).values())
        if len(gathered) > 1:
            names = "; ".join(runs.name for runs in gathered)
            raise FoolingError(f"One figure shows one encoding against one network, but several are given: {names}.")
        runs = gathered[0]
        scores = scores_of(runs.network, natural) if natural else None
        save_figure(draw_class_confidence(runs, paper, scores), arguments.output)


if __name__ == "__main__":
    run_step(main)
