r"""What confidence costs: the elites' median confidence against evaluated images (paper, sections 3.1 and 3.2).

In: history.csv of every run, with the experiment (mnist or imagenet) and the encoding, and the paper's values.
Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.scaling_curves --runs mnist direct mnist/direct/lenet-1/seed-0/history.csv \
        --runs imagenet cppn imagenet/cppn/lite0/seed-0/history.csv imagenet/cppn/lite0/seed-1/history.csv \
        --paper-values config/paper_values.csv --output scaling_curves.png scaling_curves.svg
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.style import (
    INK,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    draw_heading,
    heading_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.scaling import CLASSES, PAPER_ITEMS, PAPER_SCALE, Runs, add_runs, histories_of, read_runs, scales
from fooling.results.wording import counted, dataset_name, format_confidence, method_name

_TICKS = (1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
_NEAREST = 1e-9
"""A confidence nearer to 0 or 1 is drawn here."""
_LEGENDS = {"mnist": "lower right", "imagenet": "upper left"}
"""Where neither curves nor marks are."""
_MARKS = {"direct": "s", "cppn": "D"}
_TIMES = "\N{MULTIPLICATION SIGN}"


@style()
def draw_scaling(groups: Sequence[Runs], paper: Mapping[str, Mapping[str, Published]]) -> Figure:
    """Draw the median of the runs as a line, their range as a band, and where the paper's runs ended as open marks.

    Both axes are shared by all data sets: evaluated images, logarithmic; confidence by its log-odds, which tells
    0.01 % from 0.1 % as well as 99.99 % from 99.9 %.

    Args:
        groups: of the experiments in `CLASSES`.
        paper: its published numbers, by item and quantity.

    Raises:
        FoolingError: there is no run, or the paper's median is missing.
    """
    experiments = [name for name in CLASSES if any(group.experiment == name for group in groups)]
    if not experiments:
        raise FoolingError(f"There is nothing to draw: give the history of a run of {' or '.join(CLASSES)}.")
    height = 3.6
    room = (0, 0, 1, 1 - (MARGIN + heading_height(4)) / height)
    engine = ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.04)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout=engine)
    shown = {key: scale for key, scale in PAPER_SCALE.items() if key[0] in experiments}
    draw_heading(
        figure,
        "What confidence costs: ten classes and a thousand",
        "median over classes of the elites' confidence; line: median of the runs, band: their range",
        f"children {_TIMES} generations: {scales({(one.experiment, one.encoding): _scale(one) for one in groups})}",
        f"open marks, where the paper's runs end: {scales(shown)};",
        "its ImageNet network is CaffeNet, its confidence there the mean of ten crops",
    )
    every = figure.subplots(1, len(experiments), sharex=True, sharey=True, squeeze=False)[0]
    for axes, experiment in zip(every, experiments, strict=True):
        axes.set_title(f"{dataset_name(experiment)}: {CLASSES[experiment]:,} classes")
        for group in groups:
            if group.experiment == experiment:
                _draw_runs(axes, group)
        for name, encoding in PAPER_ITEMS:
            if name == experiment:
                _mark_paper(axes, experiment, encoding, paper)
        axes.set(xlabel="evaluated images")
        axes.grid()
        axes.set_axisbelow(True)
        axes.legend(loc=_LEGENDS[experiment], handlelength=1.6)
    _finish(every[0])
    return figure


def _scale(group: Runs) -> tuple[int, int]:
    """Return the children of a generation and the number of generations."""
    generations = int(group.histories[0]["generation"].iloc[-1])
    return int(group.evaluations[-1]) // (generations + 1), generations


def _draw_runs(axes: Axes, group: Runs) -> None:
    values = np.clip(group.confidences, _NEAREST, 1 - _NEAREST)
    colour = METHOD_COLOURS[group.encoding]
    label = f"{method_name(group.encoding)} ({counted(len(values), 'run')})"
    axes.fill_between(
        group.evaluations, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.2, linewidth=0, zorder=2
    )
    axes.plot(group.evaluations, np.median(values, axis=0), color=colour, label=label, zorder=3)


def _mark_paper(axes: Axes, experiment: str, encoding: str, paper: Mapping[str, Mapping[str, Published]]) -> None:
    item = PAPER_ITEMS[experiment, encoding]
    if "median_confidence" not in paper[item]:
        raise FoolingError(f"The paper's values have no median_confidence of {item}; add it to their table.")
    confidence = paper[item]["median_confidence"].value / 100
    children, generations = PAPER_SCALE[experiment, encoding]
    encoding_name = method_name(encoding).removesuffix(" encoding")
    (mark,) = axes.plot(
        children * generations,
        confidence,
        _MARKS[encoding],
        color=METHOD_COLOURS[encoding],
        label=f"the paper, {encoding_name}: {format_confidence(confidence)}",
        zorder=4,
    )
    # Of two marks at one place both are seen.
    mark.set(markersize=5 if encoding == "cppn" else 7.5, markerfacecolor="none", markeredgewidth=1.3)


def _finish(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=10))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.set_yscale("logit")
    axes.yaxis.set_major_locator(FixedLocator(_TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda confidence, _: f"{100 * confidence:.6g}\u2009%"))
    axes.set_ylabel("median confidence over classes", color=INK)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    add_runs(parser)
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    with recorded(parser, histories_of) as arguments:
        values = read_paper_values(arguments.paper_values)
        paper = {item: published(values, item) for item in PAPER_ITEMS.values()}
        save_figure(draw_scaling(read_runs(arguments), paper), arguments.output)


if __name__ == "__main__":
    run_step(main)
