"""What a discriminative and a generative model of the same points say of the plane around them (paper, Figure 14).

In: what the step train_plane writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.plane --plane plane/plane.npz --output figure_14.png figure_14.svg
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from fooling.artifacts.plane import Plane, load_plane
from fooling.command_line import run_step
from fooling.figures.parts.style import (
    DPI,
    INK,
    LABEL_SIZE,
    MARGIN,
    PAGE_WIDTH,
    QUIET,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import counted, format_confidence

CONFIDENT = 0.99
CLASS_COLOURS = ("#0072b2", "#e69f00", "#009e73")
CLASS_MARKERS = ("o", "s", "^")
"""Classes are told apart by shape too, for grey print and colour-blind readers."""

_SIDE, _GAP = 3.1, 0.3
_LINES = 4


@dataclass(frozen=True)
class Shares:
    """Shares of the square's area, in [0, 1].

    Attributes:
        confident: where the network's confidence is at least 0.99.
        dense: the region of the generative model.
        beyond: share of the confident part that lies outside that region.
    """

    confident: float
    dense: float
    beyond: float


def measure_shares(plane: Plane) -> Shares:
    """Measure the regions on the grid."""
    confident = plane.log_confidence.max(axis=0) >= np.log(CONFIDENT)
    dense = _total(plane.log_density) >= plane.level
    beyond = (confident & ~dense).sum() / max(confident.sum(), 1)
    return Shares(float(confident.mean()), float(dense.mean()), float(beyond))


def _total(log_density: np.ndarray) -> np.ndarray:
    return np.logaddexp.reduce(log_density, axis=0)


@style()
def draw_plane(plane: Plane) -> Figure:
    """Draw both models side by side, with the points and a point that fools the network."""
    title_height = heading_height(2)
    top = MARGIN + title_height + line_height(LABEL_SIZE) + 0.06
    height = top + _SIDE + 0.08 + _LINES * line_height(LABEL_SIZE) + MARGIN
    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    settings = plane.settings
    points = counted(len(plane.points), "point")
    wide = np.ptp(plane.points, axis=0).max()
    draw_heading(
        figure,
        "A class region extends far beyond the training data",
        f"{points} of {len(CLASS_COLOURS)} classes; a network of two hidden layers with "
        f"{settings.hidden_units} units each, test error {100 * plane.test_error:.1f}\u2009%",
        f"the square is {2 * settings.reach / wide:.1f} times as wide as the data",
    )
    lefts = (MARGIN + 0.15, MARGIN + 0.15 + _SIDE + _GAP)
    panels = [
        figure.add_axes((left / PAGE_WIDTH, 1 - (top + _SIDE) / height, _SIDE / PAGE_WIDTH, _SIDE / height))
        for left in lefts
    ]
    _draw_field(panels[0], plane, _confidence_colours(plane))
    _draw_field(panels[1], plane, _density_colours(plane))
    panels[0].set_title("Discriminative: confidence p(class | x)")
    panels[1].set_title("Generative: density p(x, class)")
    for panel in panels:
        _draw_region(panel, plane)
    for left, lines in zip(lefts, _captions(plane), strict=True):
        for number, line in enumerate(lines):
            place = 1 - (top + _SIDE + 0.08 + number * line_height(LABEL_SIZE)) / height
            text = figure.text(left / PAGE_WIDTH, place, line, size=LABEL_SIZE, va="top", parse_math=True)
            text.set_color(INK if number < 2 else QUIET)
    return figure


def _confidence_colours(plane: Plane) -> np.ndarray:
    """Return the winner's colour, the stronger the more confident, float64 (G, G, 3)."""
    confidence = np.exp(plane.log_confidence)
    least = 1 / len(confidence)
    strength = (confidence.max(axis=0) - least) / (1 - least)
    return _tinted(confidence.argmax(axis=0), 0.55 * strength)


def _density_colours(plane: Plane) -> np.ndarray:
    """Return the likeliest class's colour, as strong as the square root of the density, float64 (G, G, 3)."""
    total = _total(plane.log_density)
    return _tinted(plane.log_density.argmax(axis=0), 0.9 * np.exp((total - total.max()) / 2))


def _tinted(winner: np.ndarray, strength: np.ndarray) -> np.ndarray:
    colours = np.array([to_rgb(colour) for colour in CLASS_COLOURS])[winner]
    return 1 - strength[..., None] * (1 - colours)


def _draw_field(axes: Axes, plane: Plane, colours: np.ndarray) -> None:
    axis = plane.axis
    edge = (axis[1] - axis[0]) / 2
    extent = (axis[0] - edge, axis[-1] + edge, axis[0] - edge, axis[-1] + edge)
    axes.imshow(colours, extent=extent, origin="lower", interpolation="bilinear", aspect="auto")
    for label, (colour, marker) in enumerate(zip(CLASS_COLOURS, CLASS_MARKERS, strict=True)):
        x, y = plane.points[plane.labels == label].T
        look: dict[str, Any] = {"markersize": 1.9, "markeredgewidth": 0.25, "markeredgecolor": "white", "color": colour}
        axes.plot(x, y, marker, linestyle="none", zorder=3, **look)
    axes.plot(*plane.fooling_point, "*", color=INK, markersize=10, markeredgecolor="white", zorder=4)
    axes.set(xlim=extent[:2], ylim=extent[2:], xticks=[], yticks=[])
    axes.spines[["right", "top"]].set_visible(True)


def _draw_region(axes: Axes, plane: Plane) -> None:
    look = {"colors": INK, "linewidths": 0.7, "linestyles": "dashed"}
    axes.contour(plane.axis, plane.axis, _total(plane.log_density), [float(plane.level)], **look)


def _captions(plane: Plane) -> tuple[list[str], list[str]]:
    shares = measure_shares(plane)
    winner = int(plane.fooling_log_confidence.argmax())
    certain = format_confidence(float(np.exp(plane.fooling_log_confidence[winner].astype(np.float64))))
    nearest = np.linalg.norm(plane.points - plane.fooling_point, axis=1).min()
    exponent = _total(plane.fooling_log_density) / np.log(10)
    highest = _total(plane.log_density).max() / np.log(10)
    mass = f"{100 * plane.settings.mass:g}\u2009%"
    discriminative = [
        f"at least {100 * CONFIDENT:g}\u2009% confident in {100 * shares.confident:.0f}\u2009% of the square;",
        f"{100 * shares.beyond:.1f}\u2009% of that area lies outside the dashed region",
        f"star: random point number {plane.draws} in the square fools it:",
        f"confidence {certain}, {nearest:.1f} away from the nearest training point",
    ]
    generative = [
        f"dashed: the region that holds {mass} of the expected points,",
        f"{100 * shares.dense:.1f}\u2009% of the square",
        f"star: density 10$^{{{exponent:.0f}}}$, among the data up to {10**highest:.2f};",
        "nothing like it was seen, and this model can tell",
    ]
    return discriminative, generative


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--plane", type=Path, required=True, help="what the step train_plane wrote (.npz)")
    with recorded(parser) as arguments:
        save_figure(draw_plane(load_plane(arguments.plane)), arguments.output)


if __name__ == "__main__":
    run_step(main)
