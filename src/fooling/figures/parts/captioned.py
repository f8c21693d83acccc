"""One image with the name of its class and its confidence beneath it."""

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from fooling.figures.parts.names import ELLIPSIS, one_line
from fooling.figures.parts.picture import draw_picture
from fooling.figures.parts.style import FAINT, INK, SMALL_SIZE, WARNING, line_height
from fooling.results.wording import format_confidence

NAME_LINES = 2
CAPTION_HEIGHT = 0.03 + (NAME_LINES + 1) * line_height(SMALL_SIZE)
"""Inches beneath an image."""
_LETTER = 0.05
"""Inches that a letter takes."""


@dataclass(frozen=True)
class Captioned:
    """An image, uint8 (C, H, W), the name of the class it shows or aims at, and the confidence in that class."""

    image: np.ndarray
    name: str
    confidence: float


def draw_captioned(
    axes: Axes, captioned: Captioned, left: float, top: float, side: float, *, least: float, room: float
) -> None:
    """Draw an image on a `page` with its caption; one below the confidence `least` is orange.

    Args:
        axes: of the page.
        captioned: what to draw.
        left: in inches, as the next three.
        top: of the image.
        side: of the image.
        least: confidence.
        room: width that the caption may take.
    """
    missed = captioned.confidence < least
    draw_picture(
        axes, captioned.image, left, top, side, edge=WARNING if missed else FAINT, width=1.0 if missed else 0.4
    )
    name = textwrap.wrap(one_line(captioned.name), int(room / _LETTER), max_lines=NAME_LINES, placeholder=ELLIPSIS)
    lines = [*((line, INK) for line in name), (format_confidence(captioned.confidence), WARNING if missed else INK)]
    for number, (line, colour) in enumerate(lines):
        height = top + side + 0.03 + number * line_height(SMALL_SIZE)
        axes.text(left + side / 2, height, line, size=SMALL_SIZE, color=colour, ha="center", va="top")
