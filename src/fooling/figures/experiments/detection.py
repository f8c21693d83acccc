"""Would anything have caught these images? Detectors against kinds of images, as heat maps.

In: the table of detectors. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.experiments.detection --table detection_mnist.csv --output detection.png detection.svg
"""

import math
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.detector_scores import KIND
from fooling.command_line import run_step
from fooling.figures.parts.share_cell import draw_share
from fooling.figures.parts.style import (
    DPI,
    LABEL_SIZE,
    MARGIN,
    PAGE_WIDTH,
    QUIET,
    SMALL_SIZE,
    draw_heading,
    save_figure,
    style,
)
from fooling.results.detection_words import DETECTOR_NAMES, kind_name
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import counted, format_confidence
from fooling.tables.detection import read_detection_table

PANELS = {
    "auroc": "a natural image scores higher (AUROC, chance is 50)",
    "fpr95": "images that pass where 95\u2009% of natural images do",
    "fooling_passes": f"the same of images with at least {format_confidence(0.99, 0)} confidence",
}
"""Columns of the table that are drawn, and what they say."""
_LABELS, _CELL, _NAMES, _TITLE = 2.2, 0.2, 0.75, 0.3
"""Inches: width of the row labels, height of a row, height of the slanted names, height of a panel's title."""


@style()
def draw_detection(table: pd.DataFrame) -> Figure:
    """Draw a panel for each measure: a row for each kind of images, a column for each detector.

    Args:
        table: as `read_detection_table` gives it.
    """
    detectors = list(dict.fromkeys(table["detector"]))
    kinds = list(table.groupby(KIND, sort=False))
    top = 0.45 + _NAMES
    height = top + len(PANELS) * (_TITLE + len(kinds) * _CELL) + MARGIN
    cell_width = (PAGE_WIDTH - _LABELS - MARGIN) / len(detectors)

    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    networks = counted(int(table["networks"].max()), "network")
    draw_heading(figure, "Would anything have caught these images?", f"percent, mean of {networks}; number of images")
    # One axes over the whole figure, in inches from its upper left corner.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, PAGE_WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    for column, detector in enumerate(detectors):
        place = (_LABELS + (column + 0.5) * cell_width, top)
        axes.text(*place, DETECTOR_NAMES[detector], size=SMALL_SIZE, color=QUIET, rotation=40, va="bottom")
    for measure, title in PANELS.items():
        axes.text(MARGIN, top + _TITLE - 0.07, title, size=LABEL_SIZE, weight="bold", va="bottom")
        top += _TITLE
        for _, rows in kinds:
            _draw_row(axes, rows.set_index("detector").reindex(detectors), measure, top)
            top += _CELL
    return figure


def _draw_row(axes: Axes, rows: pd.DataFrame, measure: str, top: float) -> None:
    first = rows.iloc[0]
    count = first["fooling" if measure == "fooling_passes" else "count"]
    label = f"{kind_name(first['images'], first['set'], int(first['round']))} ({count:,.0f})"
    axes.text(_LABELS - 0.08, top + _CELL / 2, label, size=SMALL_SIZE, color=QUIET, ha="right", va="center")
    width = (PAGE_WIDTH - _LABELS - MARGIN) / len(rows)
    for column, share in enumerate(rows[measure].tolist()):
        if not math.isnan(share):
            draw_share(axes, share, (_LABELS + column * width, top), (width, _CELL))


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="table of detectors (detection_NAME.csv)")
    with recorded(parser) as arguments:
        save_figure(draw_detection(read_detection_table(arguments.table)), arguments.output)


if __name__ == "__main__":
    run_step(main)
