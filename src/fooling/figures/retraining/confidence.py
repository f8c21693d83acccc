r"""How confident images are that were evolved against DNN1, and against DNN2 trained with them (paper, Figure 12).

In: the fooling sets of round 1 and of round 2, one of each for every chain, in the same order. Out: the figure as
PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.figures.retraining.confidence --before round-1/fooling_set.npz \\
        --after round-2/fooling_set.npz --output figure_12.png figure_12.svg
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from scipy.stats import mannwhitneyu

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.names import class_title, shortened
from fooling.figures.parts.odds_axis import LEAST, MOST, odds_axis
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
from fooling.results.runs import check_sets
from fooling.results.wording import counted, dataset_name, format_confidence, listed

FEW = 20
"""Up to so many classes are named."""
_LONGEST_NAME = 14
_COLOURS = (METHOD_COLOURS["cppn"], METHOD_COLOURS["direct"])


@dataclass(frozen=True)
class Comparison:
    """Two networks' confidences compared.

    Attributes:
        u: Mann and Whitney's statistic of the first.
        p: two-sided.
        effect: the probability that an image of the first has the higher confidence (ties count half), in [0, 1].
        numbers: how many confidences of either were compared.
    """

    u: float
    p: float
    effect: float
    numbers: tuple[int, int]


def class_medians(sets: Sequence[FoolingSet]) -> np.ndarray:
    """Return the median over the runs of each set and class, float64 (sets, classes), by class."""
    medians = []
    for fooling_set in sets:
        final = fooling_set.final()
        medians.append([np.median(final.confidence[final.target == target]) for target in np.unique(final.target)])
    if len({len(row) for row in medians}) > 1:
        raise FoolingError("The fooling sets aim at different classes; draw them in two figures.")
    return np.array(medians)


def compare(before: np.ndarray, after: np.ndarray) -> Comparison:
    """Return the Mann-Whitney test of two samples of confidences, which says nothing of their pairing."""
    before, after = before.ravel(), after.ravel()
    u, p = mannwhitneyu(before, after, alternative="two-sided")
    return Comparison(float(u), float(p), float(u / (len(before) * len(after))), (len(before), len(after)))


@style()
def draw_retraining_confidence(before: Sequence[FoolingSet], after: Sequence[FoolingSet]) -> Figure:
    """Draw the confidence of each class on DNN1 and on DNN2, a dot for each chain of networks, and the medians.

    Args:
        before: the runs of round 1, a set for each chain.
        after: those of round 2, in the same order.

    Raises:
        FoolingError: there is not one set of either for each chain, or they differ in classes.
    """
    if len(before) != len(after) or not before:
        raise FoolingError("Give the fooling sets of rounds 1 and 2 of the same chains.")
    check_sets([*before, *after])
    values = class_medians([*before, *after]).reshape(2, len(before), -1)
    order = np.argsort(-np.median(values[0], axis=0), kind="stable")
    height = 3.2
    room = (0, 0, 1, 1 - (MARGIN + heading_height(3)) / height)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout=ConstrainedLayoutEngine(rect=room, w_pad=MARGIN, h_pad=MARGIN))
    origin = before[0].evolution
    draw_heading(
        figure,
        f"{dataset_name(origin.dataset)}: images evolved against DNN1 and against DNN2, trained with them",
        f"median over runs for each class and each of {counted(len(before), 'pair')} of networks; lines: their median",
        f"{_runs(before)} runs against a DNN1, {_runs(after)} against a DNN2, of {origin.generations} generations "
        f"\N{MULTIPLICATION SIGN} {origin.batch} children",
        _verdict(compare(values[0], values[1])),
    )
    axes = figure.subplots()
    classes = values.shape[2]
    for number, (chains, colour) in enumerate(zip(values, _COLOURS, strict=True)):
        overall = float(np.median(chains))
        label = f"DNN{number + 1}: {format_confidence(overall, decimals=3)}"
        for confidences in chains:
            drawn = np.clip(confidences[order], LEAST, MOST)
            places = np.arange(classes) + (number - 0.5) * (0.2 if classes <= FEW else 0)
            (dots,) = axes.plot(places, drawn, "o", color=colour, alpha=0.7, label=label)
            dots.set(markersize=4 if classes <= FEW else 1.5, markeredgewidth=0)
            label = "_"
        axes.axhline(min(max(overall, LEAST), MOST), color=colour, linewidth=1.0)
    odds_axis(axes)
    low = float(np.clip(values.min(), LEAST, 0.5))
    axes.set(ylim=(low / 2, 1 - (1 - MOST) / 2), xlim=(-0.7, classes - 0.3), ylabel="confidence")
    if classes <= FEW:
        axes.set_xticks(
            range(classes), [shortened(class_title(origin, int(target)), _LONGEST_NAME) for target in order]
        )
    else:
        axes.set(xlabel="classes, by their confidence on DNN1", xticks=[])
    axes.legend(
        loc="lower left" if np.median(values) > 0.5 else "upper right",  # where there are the fewest dots
        title="median",
        alignment="left",
        labelcolor=INK,
        handlelength=0.8,
        markerscale=1 if classes <= FEW else 3,
    )
    return figure


def _runs(sets: Sequence[FoolingSet]) -> str:
    return listed(len(np.unique(each.run)) for each in sets)


def _verdict(comparison: Comparison) -> str:
    first, second = comparison.numbers
    p = "p < 0.0001" if comparison.p < 1e-4 else f"p = {comparison.p:.2g}"
    return (
        f"Mann\N{EN DASH}Whitney U = {comparison.u:,.0f} (n = {first}, {second}), {p}; that on DNN1 exceeds "
        f"that on DNN2 in {100 * comparison.effect:.0f}\u2009% of all pairs"
    )


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--before", type=Path, nargs="+", required=True, help="fooling sets against DNN1")
    parser.add_argument("--after", type=Path, nargs="+", required=True, help="fooling sets against DNN2")
    with recorded(parser) as arguments:
        before, after = ([load_fooling_set(path) for path in paths] for paths in (arguments.before, arguments.after))
        save_figure(draw_retraining_confidence(before, after), arguments.output)


if __name__ == "__main__":
    run_step(main)
