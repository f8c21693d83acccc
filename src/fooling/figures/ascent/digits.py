r"""One image of gradient ascent for each class, less the mean colour (paper, Figure 13).

In: a fooling set of the ascend step; of several starts the first one is drawn. Out: the figure as PNG, SVG or PDF, by
suffix.

    python -m fooling.figures.ascent.digits --fooling-set minus_1/lite0/fooling_set.npz \
        --output figure_13.png figure_13.svg
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.command_line import run_step
from fooling.figures.ascent.pixels import embedded_side, subtract_means
from fooling.figures.parts.names import class_title
from fooling.figures.parts.picture import draw_picture, page
from fooling.figures.parts.rows import threshold_sentence
from fooling.figures.parts.style import (
    DPI,
    FAINT,
    INK,
    MARGIN,
    SMALL_SIZE,
    WARNING,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.ascent_scale import scale_sentences, scaling_sentence
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.runs import split_runs
from fooling.results.wording import THRESHOLD, ascent_set_name, dataset_name, format_confidence

ACROSS = 5
_SMALLEST, _GAP = 0.45, 0.16
"""Inches: side of an image, at least; between images."""
_NAME_LINES, _LETTER = 2, 0.05
"""Of a class's name: its lines, and the inches that a letter takes."""
_SUBTITLE_LETTERS = 92
_WIDTH = 5.2
"""Inches, at least, for the subtitle."""


@style()
def draw_ascent_classes(fooling_set: FoolingSet) -> Figure:
    """Draw the last iterate of each class from the first start, its class and its confidence beneath it.

    Args:
        fooling_set: of gradient ascent; the images that do not reach the paper's threshold are orange.

    Raises:
        FoolingError: the set is not of gradient ascent, or is empty.
    """
    run = split_runs([fooling_set])[0]
    (images,), factor = subtract_means([run], embedded_side(len(run), run.images.shape[-1]))
    side = max(_SMALLEST, images.shape[-1] / DPI)
    pitch = _whole_dots(max(side + _GAP, (_WIDTH - 2 * MARGIN) / ACROSS))
    sentences = [*scale_sentences([run]), threshold_sentence([run]), scaling_sentence(factor)]
    subtitle = [line for sentence in sentences for line in textwrap.wrap(sentence, _SUBTITLE_LETTERS)]
    head = _whole_dots(MARGIN + heading_height(len(subtitle)))
    names = [
        textwrap.wrap(class_title(run.origin, target), int(pitch / _LETTER), max_lines=_NAME_LINES, placeholder="…")
        for target in run.target
    ]
    row_height = _whole_dots(side + 0.12 + (1 + max(map(len, names))) * line_height(SMALL_SIZE))
    tiers = -(-len(run) // ACROSS)
    figure = Figure(figsize=(ACROSS * pitch + 2 * MARGIN, head + tiers * row_height + MARGIN), dpi=DPI)
    title = f"{dataset_name(run.origin.dataset)}: images made by gradient ascent, {ascent_set_name(run.ascent.set)}"
    draw_heading(figure, title, *subtitle)
    axes = page(figure)
    for place, image in enumerate(images):
        left, top = MARGIN + place % ACROSS * pitch, head + place // ACROSS * row_height
        _draw_image(axes, image, names[place], float(run.confidence[place]), (left, top, side))
    return figure


def _whole_dots(inches: float) -> float:
    """Round to whole dots, so that no pixel is spread over two."""
    return round(inches * DPI) / DPI


def _draw_image(
    axes: Axes, image: np.ndarray, name: Sequence[str], confidence: float, place: tuple[float, float, float]
) -> None:
    """Draw an image with the lines of its class's name and its confidence; the place is left, top, side, in inches."""
    left, top, side = place
    missed = confidence < THRESHOLD
    draw_picture(axes, image, left, top, side, edge=WARNING if missed else FAINT, width=1.0 if missed else 0.4)
    top += side + 0.03
    lines = [*((line, INK) for line in name), (format_confidence(confidence), WARNING if missed else INK)]
    for number, (line, colour) in enumerate(lines):
        axes.text(left, top + number * line_height(SMALL_SIZE), line, size=SMALL_SIZE, color=colour, va="top")


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-set", type=Path, required=True, help="fooling set of gradient ascent")
    with recorded(parser) as arguments:
        save_figure(draw_ascent_classes(load_fooling_set(arguments.fooling_set)), arguments.output)


if __name__ == "__main__":
    run_step(main)
