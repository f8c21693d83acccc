r"""How fast the encodings fool a network: the elites' median confidence over generations (paper, section 3.1).

In: history.csv of every run of each encoding. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.confidence_curves --direct direct/seed-0/history.csv direct/seed-1/history.csv \
        --cppn cppn/seed-0/history.csv cppn/seed-1/history.csv --output curves.png curves.svg
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.style import (
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    QUIET,
    draw_heading,
    heading_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.histories import read_histories
from fooling.results.wording import THRESHOLD, counted, format_confidence, method_name

FAR = 0.9
"""Medians that stay below are drawn on a logarithmic axis from 0 instead of towards 100 %."""
_LEAST_MISSING = 1e-16
"""What a float64 resolves next to 1; a logarithmic axis has no place for 0."""


def first_generation(histories: Sequence[pd.DataFrame], confidence: float = THRESHOLD) -> int | None:
    """Return the first generation in which the median run's median confidence reaches `confidence`, if any."""
    reached = np.flatnonzero(np.median(_confidences(histories), axis=0) >= confidence)
    return int(histories[0]["generation"].iloc[reached[0]]) if len(reached) else None


def _confidences(histories: Sequence[pd.DataFrame], column: str = "median_confidence") -> np.ndarray:
    return np.stack([history[column].to_numpy(dtype=np.float64) for history in histories])


_SUBTITLE = (
    "median over classes of the elites' confidence; line: median of the runs, band: their range, "
    f"dashed: {format_confidence(THRESHOLD)}"
)


@style()
def draw_confidence_curves(histories: Mapping[str, Sequence[pd.DataFrame]]) -> Figure:
    """Draw, for each method, the median of its runs as a line and their range as a band.

    Left the confidence itself; right the same curves by what is missing to certainty, on a
    logarithmic axis, which tells 99.99 % from 99.9999 %. Where every median is far from certainty,
    right the confidence on a logarithmic axis, beside that of the best class.

    Args:
        histories: for each method its runs, as `read_histories` gives them; a method may have none.

    Raises:
        FoolingError: there is no history at all.
    """
    given = {method: runs for method, runs in histories.items() if runs}
    if not given:
        raise FoolingError("There is nothing to draw: give the history of at least one run.")
    height = 3.2
    room = (0, 0, 1, 1 - (MARGIN + heading_height(2)) / height)
    engine = ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN, wspace=0.05)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout=engine)
    draw_heading(figure, "How fast each encoding fools the network", _SUBTITLE, _scales(given))
    plain, right = figure.subplots(1, 2)
    highest = max(_confidences(runs).max() for runs in given.values())
    for axes, transform in ((plain, _plain), (right, _plain if highest < FAR else _missing)):
        axes.axhline(transform(np.array(THRESHOLD)), color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        for method, runs in given.items():
            _draw_method(axes, method, runs, transform)
        _finish_generations(axes, [runs[0] for runs in given.values()])
    plain.set(ylim=(0, 1.03), ylabel="median confidence over classes")
    plain.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _nines(1 - value)))
    plain.legend(loc="center right" if highest < FAR else "lower right", handlelength=1.6)
    if highest < FAR:
        _finish_far(right, given)
        return figure
    _finish_nines(right, 1 - highest)
    for method, runs in given.items():
        _mark_crossing(right, method, runs)
    if right.get_legend_handles_labels()[0]:
        right.legend(loc="lower right", handlelength=1.0)
    return figure


def _scales(histories: Mapping[str, Sequence[pd.DataFrame]]) -> str:
    """Return the size of each method's runs."""
    sizes = {
        method_name(method): f"{_evaluations(runs[0])[1]:,.0f} children \N{MULTIPLICATION SIGN} "
        f"{counted(int(runs[0]['generation'].max()), 'generation')}"
        for method, runs in histories.items()
    }
    if len(set(sizes.values())) == 1:
        return next(iter(sizes.values()))
    return "; ".join(f"{name}: {size}" for name, size in sizes.items())


def _plain(confidence: np.ndarray) -> np.ndarray:
    return confidence


def _missing(confidence: np.ndarray) -> np.ndarray:
    return np.maximum(1 - confidence, _LEAST_MISSING)


def _draw_method(
    axes: Axes, method: str, runs: Sequence[pd.DataFrame], transform: Callable[[np.ndarray], np.ndarray]
) -> None:
    generations = runs[0]["generation"]
    values = _confidences(runs)
    colour = METHOD_COLOURS[method]
    label = f"{method_name(method)} ({counted(len(runs), 'run')})"
    lowest, highest = transform(values.min(axis=0)), transform(values.max(axis=0))
    axes.fill_between(generations, lowest, highest, color=colour, alpha=0.2, linewidth=0, zorder=2)
    middle = transform(np.median(values, axis=0))
    axes.plot(generations, middle, color=colour, label=None if transform is _missing else label, zorder=3)


def _finish_generations(axes: Axes, histories: Sequence[pd.DataFrame]) -> None:
    axes.set(xlabel="generation", xlim=(0, max(1, *(history["generation"].max() for history in histories))))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    scales = {_evaluations(history) for history in histories}
    if len(scales) == 1:  # otherwise a generation costs one encoding more than the other
        ((start, batch),) = scales
        top = axes.secondary_xaxis(
            "top",
            functions=(
                lambda generation: start + batch * np.asarray(generation, dtype=np.float64),
                lambda count: (np.asarray(count, dtype=np.float64) - start) / batch,
            ),
        )
        top.set_xlabel("evaluated images")
        top.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        top.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
        top.spines["top"].set_visible(True)


def _evaluations(history: pd.DataFrame) -> tuple[float, float]:
    """Return the evaluations of generation 0 and those that each further generation takes."""
    generations, evaluations = history["generation"].to_numpy(), history["evaluations"].to_numpy()
    if len(history) == 1:
        return float(evaluations[0]), float(evaluations[0])
    batch = (evaluations[-1] - evaluations[0]) / (generations[-1] - generations[0])
    return float(evaluations[0] - batch * generations[0]), float(batch)


def _finish_far(axes: Axes, histories: Mapping[str, Sequence[pd.DataFrame]]) -> None:
    for method, runs in histories.items():
        best = np.median(_confidences(runs, "max_confidence"), axis=0)
        axes.plot(runs[0]["generation"], best, color=METHOD_COLOURS[method], linestyle=(0, (1, 1.5)), linewidth=1.0)
    least = max(min(_confidences(runs).min() for runs in histories.values()), _LEAST_MISSING)
    axes.set_yscale("log")
    axes.set(ylim=(least / 1.5, 1.5), ylabel="the same, logarithmic; dotted: the best class")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda confidence, _: f"{100 * confidence:g}\u2009%"))


def _finish_nines(axes: Axes, least: float) -> None:
    axes.set_yscale("log")
    axes.set(
        ylim=(1, min(max(least, _LEAST_MISSING) / 2, (1 - THRESHOLD) / 20)),
        ylabel="the same, logarithmic towards 100\u2009%",
    )
    axes.yaxis.set_major_locator(LogLocator(numticks=20))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda missing, _: _nines(missing)))


def _nines(missing: float) -> str:
    decimals = max(0, -math.floor(math.log10(missing) + 1e-9) - 2) if missing > 0 else 0
    return f"{100 * (1 - missing):.{decimals}f}\u2009%"


def _mark_crossing(axes: Axes, method: str, runs: Sequence[pd.DataFrame]) -> None:
    generation = first_generation(runs)
    if generation is None:
        return
    row = int(np.flatnonzero(runs[0]["generation"] == generation)[0])
    height = float(_missing(np.median(_confidences(runs), axis=0))[row])
    label = f"{format_confidence(THRESHOLD)} in generation {generation}"
    (marker,) = axes.plot(generation, height, "o", color=METHOD_COLOURS[method], label=label, zorder=4)
    marker.set(markersize=4.5, markeredgecolor="white")


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--direct", type=Path, nargs="*", default=[], help="histories of the direct encoding's runs")
    parser.add_argument("--cppn", type=Path, nargs="*", default=[], help="histories of the CPPN encoding's runs")
    with recorded(parser) as arguments:
        histories = {"direct": read_histories(arguments.direct), "cppn": read_histories(arguments.cppn)}
        save_figure(draw_confidence_curves(histories), arguments.output)


if __name__ == "__main__":
    run_step(main)
