"""Repeated elements removed from fooling images, and what the network says then (paper, Figure 10).

In: what the ablation step writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.ablation --ablation ablation/imagenet.npz --output figure_10.png figure_10.svg
"""

import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from scipy import stats

from fooling.artifacts.ablation import HALF_LEFT, ONE_LEFT, SHARES_LEFT, Ablation, AblationFile, load_ablation
from fooling.artifacts.origin import EvolutionOrigin
from fooling.command_line import run_step
from fooling.figures.parts.names import class_title
from fooling.figures.parts.picture import draw_picture
from fooling.figures.parts.style import (
    DPI,
    FAINT,
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
from fooling.results.evolution_scale import paper_scale
from fooling.results.wording import counted, dataset_name, format_confidence, method_name

_STATES = ("whole image", "half of the\ncopies left", "random regions\nof the same\narea erased", "one copy left")
_LABELS, _SIDE, _CHARTS, _NAME = 0.92, 0.48, 2.1, 2 * line_height(SMALL_SIZE)
"""Inches: width of the row labels, side of an image, height of the charts, height of a class's name."""
_CAPTION = line_height(SMALL_SIZE) + 0.05


@dataclass(frozen=True)
class PairedTest:
    """Wilcoxon's signed-rank test, two-sided, of paired confidences.

    Attributes:
        pairs: how many; without any, the others are NaN.
        median_drop: median of first minus second.
        p: probability of differences at least as large if the two did not differ.
    """

    pairs: int
    median_drop: float
    p: float


def paired_test(first: np.ndarray, second: np.ndarray) -> PairedTest:
    """Test whether the confidences `first` and `second`, float64 (N,), of the same images differ."""
    if not len(first):
        return PairedTest(0, np.nan, np.nan)
    differences = first - second
    p = float(stats.wilcoxon(differences).pvalue) if differences.any() else 1.0
    return PairedTest(len(first), float(np.median(differences)), p)


@style()
def draw_ablation(file: AblationFile) -> Figure:
    """Draw before and after of the most confident images that repeat an element, and all of them as curves."""
    repeating = file.ablation.copies > 0
    pictures = len(file.pictures.row)
    title_height = heading_height(2)
    sheet = _NAME + len(_STATES) * (_SIDE + _CAPTION) + 0.1 if pictures else 0.0
    charts = _CHARTS if repeating.any() else 0.0
    height = title_height + sheet + charts + 2 * MARGIN
    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    draw_heading(figure, "Fooling images with repeated elements removed", *_subtitle(file))
    if pictures:
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, PAGE_WIDTH), ylim=(height, 0))
        axes.set_axis_off()
        _draw_pictures(axes, MARGIN + title_height, file)
        axes.set(xlim=(0, PAGE_WIDTH), ylim=(height, 0), aspect="auto")
    if charts:
        place = {"bottom": 0.42 / height, "height": (charts - 0.8) / height, "width": 2.75 / PAGE_WIDTH}
        lines, curves = (
            figure.add_axes((left / PAGE_WIDTH, place["bottom"], place["width"], place["height"]))
            for left in (0.55, 4.05)
        )
        _draw_lines(lines, file.ablation, repeating)
        _draw_curves(curves, file.ablation, repeating)
    return figure


def _subtitle(file: AblationFile) -> list[str]:
    origin = file.origin
    scale = [
        f"{dataset_name(origin.dataset)}, {method_name(origin.method)}",
        f"{origin.batch:,} children \N{MULTIPLICATION SIGN} {counted(origin.generations, 'generation')}"
        if isinstance(origin, EvolutionOrigin)
        else "",
        counted(file.runs, "run"),
        f"against {origin.network}",
    ]
    paper = paper_scale(origin.dataset, origin.method)
    if origin.dataset == "imagenet":
        paper += ", by hand"
    examined, repeating = len(file.target), int((file.ablation.copies > 0).sum())
    found = (
        f"{repeating} of the {counted(examined, 'distinct image')} of at least "
        f"{format_confidence(file.settings.least_confidence, 0)} confidence repeat an element three times or more"
    )
    chosen = "; pictures: the most confident of these" if repeating else ""
    return [", ".join(filter(None, scale)) + paper, found + chosen]


def _draw_pictures(axes: Axes, top: float, file: AblationFile) -> None:
    pictures = file.pictures.images
    pitch = (PAGE_WIDTH - _LABELS - MARGIN) / max(10, len(pictures))
    targets = file.target[file.pictures.row].tolist()
    first = top + _NAME + 0.03
    row_tops = [first + number * (_SIDE + _CAPTION) for number in range(len(_STATES))]
    for label, row_top in zip(_STATES, row_tops, strict=True):
        axes.text(MARGIN, row_top + _SIDE / 2, label, size=LABEL_SIZE, va="center", linespacing=1.28)
    for number, target in enumerate(targets):
        left = _LABELS + number * pitch
        middle = left + _SIDE / 2
        name = textwrap.fill(class_title(file.origin, target), 13, max_lines=2, placeholder="…")
        axes.text(middle, first - 0.03, name, size=SMALL_SIZE - 0.5, ha="center", va="bottom", linespacing=1.1)
        for state, row_top in enumerate(row_tops):
            draw_picture(axes, pictures[number, state], left, row_top, _SIDE)
            caption = format_confidence(float(file.pictures.confidence[number, state]))
            axes.text(middle, row_top + _SIDE + 0.02, caption, size=SMALL_SIZE, ha="center", va="top")


def _draw_lines(axes: Axes, ablation: Ablation, repeating: np.ndarray) -> None:
    levels = [0, HALF_LEFT, ONE_LEFT]
    confidence = ablation.confidence[repeating][:, levels]
    axes.plot(range(3), confidence.T, color=FAINT, linewidth=0.6, marker="o", markersize=1.8, zorder=2)
    axes.plot(range(3), np.median(confidence, axis=0), color=INK, marker="o", markersize=3.5, zorder=3)
    test = paired_test(confidence[:, 0], confidence[:, 2])
    _title(axes, "Every image (grey) and their median", f"from all copies to one: median drop {_sentence(test)}")
    axes.set_xticks(range(3), ["all copies", "half of them", "one"])
    axes.set(xlim=(-0.2, 2.2), ylabel="confidence")
    _finish(axes)


def _draw_curves(axes: Axes, ablation: Ablation, repeating: np.ndarray) -> None:
    shares = 100 * np.array(SHARES_LEFT)
    drawn = {
        "copies removed": (ablation.confidence, METHOD_COLOURS["direct"], "-"),
        "random regions erased": (ablation.control, METHOD_COLOURS["cppn"], (0, (4, 2))),
    }
    for label, (values, colour, dashes) in drawn.items():
        low, middle, high = np.quantile(values[repeating], (0.25, 0.5, 0.75), axis=0)
        axes.fill_between(shares, low, high, color=colour, alpha=0.18, linewidth=0, zorder=2)
        axes.plot(shares, middle, color=colour, linestyle=dashes, marker="o", markersize=3, label=label, zorder=3)
    test = paired_test(ablation.confidence[repeating, HALF_LEFT], ablation.control[repeating, HALF_LEFT])
    _title(axes, "Median and quartiles", f"at half: control lower by {_sentence(test)}")
    axes.set(xlim=(102, -2), xlabel="copies left", ylabel="confidence")
    axes.set_xticks(shares, [f"{share:.0f}\u2009%" if share else "one" for share in shares])
    axes.legend(loc="lower left", handlelength=2.2)
    _finish(axes)


def _finish(axes: Axes) -> None:
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol="\u2009%"))
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _title(axes: Axes, title: str, result: str) -> None:
    axes.set_title(title, pad=6 + 72 * line_height(SMALL_SIZE))
    axes.annotate(result, (0, 1), (0, 6), "axes fraction", "offset points", size=SMALL_SIZE, color=QUIET)


def _sentence(test: PairedTest) -> str:
    drop = f"{100 * test.median_drop:.1f}".replace("-", "\N{MINUS SIGN}")
    p = f"p = {test.p:.2g}" if test.p >= 1e-4 else "p < 0.0001"
    return f"{drop} points (Wilcoxon {p}, n = {test.pairs})"


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--ablation", type=Path, required=True, help="what the ablation step wrote (.npz)")
    with recorded(parser) as arguments:
        save_figure(draw_ablation(load_ablation(arguments.ablation)), arguments.output)


if __name__ == "__main__":
    run_step(main)
