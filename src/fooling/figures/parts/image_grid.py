"""Rows and columns of images with their captions: the common ground of all sheets of fooling images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fooling.figures.parts.style import (
    DPI,
    FAINT,
    INK,
    LABEL_SIZE,
    MARGIN,
    QUIET,
    SMALL_SIZE,
    WARNING,
    draw_heading,
    heading_height,
    line_height,
    style,
)
from fooling.results.wording import THRESHOLD, format_confidence

_CAPTION_GAP = 0.03


@dataclass(frozen=True)
class Cell:
    """One image, uint8 (C, H, W), and the confidences in [0, 1] that stand beneath it, line by line.

    A confidence below the paper's threshold, and the frame of its image, are drawn in the warning colour.
    """

    image: np.ndarray
    confidences: Sequence[float]


@dataclass(frozen=True)
class Row:
    """One row of a grid.

    Attributes:
        label: what stands left of it.
        cells: one for each column; None leaves a gap.
        notes: lines right of it, the first in ink and the others quiet.
        caption_labels: what stands left of the confidences, line by line.
    """

    label: str
    cells: Sequence[Cell | None]
    notes: Sequence[str] = ()
    caption_labels: Sequence[str] = ()


@dataclass(frozen=True)
class Panel:
    """Rows under common column headings and, if there is one, a title."""

    rows: Sequence[Row]
    title: str = ""


@dataclass(frozen=True)
class Layout:
    """Sizes of a grid, in inches.

    Attributes:
        side: largest side of an image; lowered until a pixel of the image is a whole number of printed dots.
        gap: between columns.
        column_width: least distance from one column to the next.
        label_width: room left of the images.
        note_width: room right of them.
        caption_lines: confidences beneath each image; 0 shows none, but still frames.
        across: panels side by side.
        note_header: heading of the notes, line by line.
    """

    side: float = 0.56
    gap: float = 0.04
    column_width: float = 0.0
    label_width: float = 0.45
    note_width: float = 0.6
    caption_lines: int = 1
    across: int = 1
    note_header: Sequence[str] = ()

    def fitted(self, pixels: int) -> float:
        """Return the side of an image of so many pixels, in inches."""
        dots = round(self.side * DPI)
        return (dots - dots % pixels if dots >= pixels else dots) / DPI

    def pitch(self, side: float) -> float:
        """Return the distance from one column to the next, in inches."""
        return _to_dots(max(side + self.gap, self.column_width))

    def row_height(self, side: float) -> float:
        """Return the height of a row with its captions, in inches."""
        captions = _CAPTION_GAP + self.caption_lines * line_height(SMALL_SIZE) + 0.03 if self.caption_lines else 0
        return _to_dots(side + self.gap + captions)

    def panel_width(self, side: float, columns: int) -> float:
        """Return the width of a panel, in inches."""
        return _to_dots(self.label_width + columns * self.pitch(side) + self.note_width)

    def head_height(self, panel: Panel) -> float:
        """Return the height of the headings of a panel, in inches."""
        lines = max(1 + bool(panel.title), len(self.note_header))
        return _to_dots(lines * line_height(LABEL_SIZE) + 0.03 + 0.08 * bool(panel.title))


def _to_dots(length: float) -> float:
    """Round a length in inches up to whole dots, so that no pixel is drawn wider than its neighbour."""
    return float(np.ceil(round(length * DPI, 6))) / DPI


@style()
def draw_image_grid(
    panels: Sequence[Panel], columns: Sequence[str], title: str, subtitle: Sequence[str], layout: Layout
) -> Figure:
    """Draw `panels` of images under a title and the lines of a subtitle; `columns` are the headings of the images."""
    images = (cell.image for panel in panels for row in panel.rows for cell in row.cells if cell is not None)
    side = layout.fitted(next(images).shape[-1])
    panel_width = layout.panel_width(side, len(columns))
    title_height = _to_dots(heading_height(len(subtitle)))
    tiers = [panels[start : start + layout.across] for start in range(0, len(panels), layout.across)]
    heights = [max(map(layout.head_height, tier)) + _rows_height(tier, layout.row_height(side)) for tier in tiers]
    width = min(layout.across, len(panels)) * panel_width + 2 * MARGIN
    height = title_height + sum(heights) + 2 * MARGIN

    figure = Figure(figsize=(width, height), dpi=DPI)
    # One axes over the whole figure, in inches from its upper left corner, gives everything its exact place.
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    draw_heading(figure, title, *subtitle)
    sheet = _Sheet(axes, layout, side)
    tops = MARGIN + title_height + np.cumsum([0, *heights[:-1]])
    for tier, top in zip(tiers, tops.tolist(), strict=True):
        for place, panel in enumerate(tier):
            sheet.draw_panel(panel, columns, MARGIN + place * panel_width, top)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
    return figure


def _rows_height(tier: Sequence[Panel], row_height: float) -> float:
    return max(len(panel.rows) for panel in tier) * row_height


@dataclass(frozen=True)
class _Sheet:
    """Where to draw, how, and the side of an image in inches; all places are inches from the upper left corner."""

    axes: Axes
    layout: Layout
    side: float

    def draw_panel(self, panel: Panel, columns: Sequence[str], left: float, top: float) -> None:
        lefts = [
            left + self.layout.label_width + number * self.layout.pitch(self.side) for number in range(len(columns))
        ]
        right = lefts[-1] + self.layout.pitch(self.side) + 0.04
        first_row = top + self.layout.head_height(panel)
        base = first_row - 0.03
        self.axes.text(left, top + 0.06, panel.title, size=LABEL_SIZE, weight="bold", va="top")
        for column, image_left in zip(columns, lefts, strict=True):
            middle = image_left + self.side / 2
            self.axes.text(middle, base, column, size=LABEL_SIZE, weight="bold", ha="center", va="bottom")
        header = self.layout.note_header
        for number, line in enumerate(header):
            line_base = base - (len(header) - 1 - number) * line_height(SMALL_SIZE)
            self.axes.text(right, line_base, line, size=SMALL_SIZE, color=QUIET if number else INK, va="bottom")
        for number, row in enumerate(panel.rows):
            row_top = first_row + number * self.layout.row_height(self.side)
            self._draw_beside(row, left, right, row_top)
            for cell, image_left in zip(row.cells, lefts, strict=True):
                if cell is not None:
                    self._draw_cell(cell, image_left, row_top)

    def _draw_beside(self, row: Row, left: float, right: float, top: float) -> None:
        middle = top + self.side / 2
        self.axes.text(left, middle, row.label, size=LABEL_SIZE, va="center", linespacing=1.28)
        for number, line in enumerate(row.notes):
            height = middle + (number - (len(row.notes) - 1) / 2) * line_height(SMALL_SIZE)
            self.axes.text(right, height, line, size=SMALL_SIZE, color=QUIET if number else INK, va="center")
        for number, label in enumerate(row.caption_labels):
            self.axes.text(left, self._caption_top(top, number), label, size=SMALL_SIZE, color=QUIET, va="top")

    def _draw_cell(self, cell: Cell, left: float, top: float) -> None:
        # Red, green and blue also for grey: a colour map would shift some values by one.
        pixels = np.moveaxis(np.broadcast_to(cell.image, (3, *cell.image.shape[1:])), 0, -1)
        extent = (left, left + self.side, top + self.side, top)
        # "auto" repeats pixels when it enlarges and averages them when it shrinks.
        self.axes.imshow(pixels, extent=extent, interpolation="auto", zorder=1)
        # A frame, lest a white image vanish on the white page.
        missed = min(cell.confidences) < THRESHOLD
        frame = Rectangle((left, top), self.side, self.side, fill=False, zorder=2)
        frame.set(edgecolor=WARNING if missed else FAINT, linewidth=1.0 if missed else 0.4)
        self.axes.add_patch(frame)
        for number, confidence in enumerate(cell.confidences[: self.layout.caption_lines]):
            place = (left + self.side / 2, self._caption_top(top, number))
            colour = WARNING if confidence < THRESHOLD else INK
            self.axes.text(*place, format_confidence(confidence), size=SMALL_SIZE, color=colour, ha="center", va="top")

    def _caption_top(self, row_top: float, line: int) -> float:
        return row_top + self.side + _CAPTION_GAP + line * line_height(SMALL_SIZE)
