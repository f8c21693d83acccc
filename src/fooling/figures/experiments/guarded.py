r"""What a guard costs the one who fools it: confidence of what passes a detector, against evaluated images.

In: history.csv of every run, with the detector (none: unguarded) and the encoding; guarded and unguarded runs of the
same networks and seeds, in the same order. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.guarded --runs none cppn evolution/mnist/cppn/lenet-1/seed-0/history.csv \
        --runs knn cppn guarded/mnist/knn/cppn/lenet-1/seed-0/history.csv --output guarded.png guarded.svg
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from fooling.command_line import run_step
from fooling.figures.parts.odds_axis import LEAST, MOST, odds_axis
from fooling.figures.parts.style import (
    INK,
    MARGIN,
    PAGE_WIDTH,
    draw_heading,
    heading_height,
    save_figure,
    style,
)
from fooling.results.detection_words import GUARD_NAMES
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.guarded import (
    GuardedRuns,
    add_guarded_runs,
    read_guarded_runs,
)
from fooling.results.scaling import histories_of
from fooling.results.wording import counted, method_name
from fooling.settings.detection import UNGUARDED

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Of guards, in their order, from Okabe and Ito's palette; further ones begin anew, with dashes."""


@style()
def draw_guarded(groups: Sequence[GuardedRuns]) -> Figure:
    """Draw a panel for each encoding: for each guard the median of its runs as a line, and their range as a band.

    Evaluated images are on a logarithmic axis, confidences by the logarithm of their odds; where nothing passes, a
    curve lies at the bottom.

    Args:
        groups: guarded runs, and unguarded ones beside them; see `check_twins`.
    """
    encodings = list(dict.fromkeys(group.encoding for group in groups))
    height = 3.2
    room = (0, 0, 1, 1 - (MARGIN + heading_height(2)) / height)
    engine = ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.04)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout=engine)
    runs = counted(max(len(group.histories) for group in groups), "run")
    draw_heading(
        figure,
        "What a guard costs the one who fools it",
        f"median over classes of the elites' confidence; line: median of the runs, band: their range ({runs})",
        "an elite that the guard stops counts as 0; 95\u2009% of natural images pass each guard",
    )
    every = figure.subplots(1, len(encodings), sharex=True, sharey=True, squeeze=False)[0]
    looks = _looks([group.guard for group in groups])
    for axes, encoding in zip(every, encodings, strict=True):
        axes.set_title(method_name(encoding))
        for group in groups:
            if group.encoding == encoding:
                _draw_runs(axes, group, looks[group.guard])
        axes.set(xlabel="evaluated images", xscale="log")
        axes.xaxis.set_major_locator(LogLocator())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
        odds_axis(axes)
        axes.set_ylim(LEAST / 1.5, MOST + (1 - MOST) / 3)
    every[0].set_ylabel("median confidence of what passes")
    every[-1].legend(loc="lower right", handlelength=1.6)
    return figure


def _looks(guards: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Return colour and line style of each guard."""
    given = [guard for guard in dict.fromkeys(guards) if guard != UNGUARDED]
    looks = {
        guard: (COLOURS[place % len(COLOURS)], "--" if place >= len(COLOURS) else "-")
        for place, guard in enumerate(given)
    }
    return {UNGUARDED: (INK, ":"), **looks}


def _draw_runs(axes: Axes, group: GuardedRuns, look: tuple[str, str]) -> None:
    colour, line = look
    values = np.clip(group.confidences, LEAST, MOST)
    axes.fill_between(
        group.evaluations, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.15, linewidth=0, zorder=2
    )
    middle, label = np.median(values, axis=0), GUARD_NAMES[group.guard]
    axes.plot(group.evaluations, middle, color=colour, linestyle=line, label=label, zorder=3)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    add_guarded_runs(parser)
    with recorded(parser, histories_of) as arguments:
        save_figure(draw_guarded(read_guarded_runs(arguments)), arguments.output)


if __name__ == "__main__":
    run_step(main)
