"""What confidence costs: the elites' median confidence against evaluated images (paper, sections 3.1 and 3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from fooling.errors import FoolingError
from fooling.figures.html_table import html_page
from fooling.figures.paper_values import Published
from fooling.figures.style import (
    INK,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    counted,
    dataset_name,
    draw_heading,
    format_confidence,
    heading_height,
    method_name,
    style,
)

LEVELS = (0.5, 0.9, 0.99, 0.9999)
CLASSES = {"mnist": 10, "imagenet": 1000}
"""The experiments that are drawn, which are named after their data set, and its classes."""
PAPER_ITEMS = {
    ("mnist", "direct"): "figure_4",
    ("mnist", "cppn"): "figure_5",
    ("imagenet", "direct"): "figure_6",
    ("imagenet", "cppn"): "figure_7",
}
PAPER_SCALE = {
    ("mnist", "direct"): (200, 200),
    ("mnist", "cppn"): (200, 200),
    ("imagenet", "direct"): (200, 20_000),
    ("imagenet", "cppn"): (400, 5_000),
}
"""Children and generations of the paper's runs, by experiment and encoding."""
_TICKS = (1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
_NEAREST = 1e-9
"""A confidence nearer to 0 or 1 is drawn here."""
_LEGENDS = {"mnist": "lower right", "imagenet": "upper left"}
"""Where neither curves nor marks are."""
_MARKS = {"direct": "s", "cppn": "D"}
_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Runs:
    """The runs of an experiment in one encoding.

    Attributes:
        experiment: its name.
        encoding: `direct` or `cppn`.
        histories: one for each run, as `confidence_curves.read_histories` gives them.
    """

    experiment: str
    encoding: str
    histories: Sequence[pd.DataFrame]

    @property
    def evaluations(self) -> np.ndarray:
        """Evaluated images after each generation, float64 (generations,)."""
        return self.histories[0]["evaluations"].to_numpy(dtype=np.float64)

    @property
    def confidences(self) -> np.ndarray:
        """Median confidence over the classes, float64 (runs, generations)."""
        return np.stack([history["median_confidence"].to_numpy(dtype=np.float64) for history in self.histories])

    def evaluations_to(self, confidence: float) -> float | None:
        """Return after how many evaluations the median run reaches a confidence; None if it does not."""
        reached = np.flatnonzero(np.median(self.confidences, axis=0) >= confidence)
        return float(self.evaluations[reached[0]]) if len(reached) else None


def scaling_table(groups: Sequence[Runs]) -> pd.DataFrame:
    """Return one row for each experiment and encoding.

    Returns:
        experiment, encoding, runs; evaluations of a whole run and the median run's median_confidence after them; to_50,
        to_90, to_99 and to_9999, the evaluations after which it is 0.5, 0.9, 0.99 and 0.9999 (missing if never).
    """
    rows = [
        {
            "experiment": group.experiment,
            "encoding": group.encoding,
            "runs": len(group.histories),
            "evaluations": group.evaluations[-1],
            "median_confidence": float(np.median(group.confidences[:, -1])),
            **{column: group.evaluations_to(level) for column, level in zip(_columns(), LEVELS, strict=True)},
        }
        for group in groups
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(("evaluations", *_columns()), "Int64"))


def _columns() -> list[str]:
    return [f"to_{100 * level:g}".replace(".", "") for level in LEVELS]


def scaling_html(table: pd.DataFrame) -> str:
    """Return the table of `scaling_table` as a small HTML page."""
    head = ["", "runs", "evaluations", "median then", *(f"to {format_confidence(level)}" for level in LEVELS)]
    rows = [
        [
            f"{dataset_name(row['experiment'])}, {method_name(row['encoding'])}",
            str(row["runs"]),
            f"{row['evaluations']:,}",
            format_confidence(row["median_confidence"], decimals=4),
            *("not reached" if pd.isna(row[column]) else f"{row[column]:,}" for column in _columns()),
        ]
        for row in table.to_dict("records")
    ]
    note = (
        "Images that a run had evaluated when the median over classes of the elites' confidence, in the median run, "
        "first reached a confidence. Experiments are named as in the configuration. "
        f"The paper's runs: {_scales(PAPER_SCALE)}."
    )
    return html_page("Evaluations to a confidence", head, rows, note)


def _scales(runs: Mapping[tuple[str, str], tuple[int, int]]) -> str:
    sizes: dict[tuple[str, tuple[int, int]], list[str]] = {}
    for (experiment, encoding), scale in runs.items():
        sizes.setdefault((experiment, scale), []).append(method_name(encoding).removesuffix(" encoding"))
    return "; ".join(
        f"{dataset_name(experiment)} {children} {_TIMES} {generations:,} ({' and '.join(encodings)})"
        for (experiment, (children, generations)), encodings in sizes.items()
    )


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
        f"children {_TIMES} generations: {_scales({(one.experiment, one.encoding): _scale(one) for one in groups})}",
        f"open marks, where the paper's runs end: {_scales(shown)};",
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
