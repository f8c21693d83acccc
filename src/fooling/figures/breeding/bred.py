"""Pictures bred by hand: what the breeder saw in each, and what a network says (paper, Figure 3).

In: what the step replay_breeding writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.breeding.bred --bred breeding/bred.npz --output figure_03.png figure_03.svg
"""

import textwrap
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fooling.artifacts.bred import BredPictures, load_bred
from fooling.command_line import run_step
from fooling.figures.parts.names import ELLIPSIS, one_line, shortened
from fooling.figures.parts.picture import draw_picture, page
from fooling.figures.parts.style import (
    DPI,
    INK,
    LABEL_SIZE,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    SMALL_SIZE,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import counted, format_confidence

_COLUMNS = 6
_LABEL_LINES = 2
_GAP = 0.1
_SIDE = (PAGE_WIDTH - 2 * MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS
_LABEL = _LABEL_LINES * line_height(LABEL_SIZE) + 0.05
_BAR = line_height(SMALL_SIZE) + 0.04
"""Inches."""
_LETTER, _LETTERS = 0.058, 15
"""Inches that a letter of a label takes; letters of a class's name that fit beside its confidence."""


@style()
def draw_bred(bred: BredPictures) -> Figure:
    """Draw every picture under the breeder's label and above the network's three most confident classes as bars."""
    rows = -(-len(bred) // _COLUMNS)
    head = MARGIN + heading_height(2)
    bars = bred.classes.shape[1]
    row_height = _LABEL + _SIDE + 0.04 + bars * _BAR + _GAP
    figure = Figure(figsize=(PAGE_WIDTH, head + rows * row_height), dpi=DPI)
    first, last = int(bred.generation.min()), int(bred.generation.max())
    span = counted(first, "generation") if first == last else f"{first} to {counted(last, 'generation')}"
    sizes = " or ".join(map(str, sorted(set(bred.populations))))
    draw_heading(
        figure,
        "CPPN pictures bred by hand-picking",
        f"every picture that was published: {len(bred)} in {counted(len(set(bred.logs)), 'session')}, "
        f"after {span} of {sizes} pictures",
        f"above each what the breeder saw in it, below what the network {bred.network} calls it",
    )
    axes = page(figure)
    for number in range(len(bred)):
        row, column = divmod(number, _COLUMNS)
        _draw_one(axes, bred, number, MARGIN + column * (_SIDE + _GAP), head + row * row_height)
    return figure


def _draw_one(axes: Axes, bred: BredPictures, number: int, left: float, top: float) -> None:
    title = one_line(bred.labels[number])
    lines = textwrap.wrap(title, int(_SIDE / _LETTER), max_lines=_LABEL_LINES, placeholder=ELLIPSIS)
    label: dict[str, Any] = {"size": LABEL_SIZE, "weight": "bold", "va": "baseline", "linespacing": 1.28}
    axes.text(left, top + _LABEL - 0.06, "\n".join(lines), **label)
    draw_picture(axes, bred.images[number], left, top + _LABEL, _SIDE)
    below = top + _LABEL + _SIDE + 0.04
    for place, (name, confidence) in enumerate(zip(bred.names[number], bred.confidence[number].tolist(), strict=True)):
        height = below + place * _BAR
        bar: dict[str, Any] = {"facecolor": METHOD_COLOURS["cppn"], "alpha": 0.35, "linewidth": 0}
        axes.add_patch(Rectangle((left, height), confidence * _SIDE, _BAR - 0.02, **bar))
        text: dict[str, Any] = {"size": SMALL_SIZE, "color": INK, "va": "center"}
        middle = height + (_BAR - 0.02) / 2
        short = shortened(name, _LETTERS)
        axes.text(left + 0.02, middle, short, **text)
        axes.text(left + _SIDE - 0.02, middle, format_confidence(confidence, 1), ha="right", **text)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--bred", type=Path, required=True, help="what the step replay_breeding wrote (.npz)")
    with recorded(parser) as arguments:
        save_figure(draw_bred(load_bred(arguments.bred)), arguments.output)


if __name__ == "__main__":
    run_step(main)
