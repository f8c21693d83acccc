r"""Fooling images of the classes that the paper opens with (paper, Figure 1).

Of each class it is the image of the highest confidence over the runs, however low.

In: the fooling sets of all runs of both encodings on ImageNet, and the paper's values.
Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.examples --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz --paper-values config/paper_values.csv \
        --output figure_01.png figure_01.svg
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.captioned import CAPTION_HEIGHT, Captioned, draw_captioned
from fooling.figures.parts.picture import page
from fooling.figures.parts.style import (
    DPI,
    LABEL_SIZE,
    MARGIN,
    PAGE_WIDTH,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.evolution_scale import evolution_scale
from fooling.results.examples import CLASSES, Examples, gather_examples
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.wording import format_confidence

_SIDE = 0.62
"""Inches of an image: directly encoded ones are noise, which no file format makes small."""


@style()
def draw_examples(examples: Mapping[str, Examples], paper: Mapping[str, Published]) -> Figure:
    """Draw the examples, directly encoded ones above CPPNs, each with its class and confidence.

    Args:
        examples: as `gather_examples` gives them.
        paper: what the paper reports of Figure 1, in percent, by quantity.

    Raises:
        FoolingError: there is no image of these classes.
    """
    rows = {
        method: [Captioned(each.image, each.name, each.confidence) for each in of_method.in_order(method)]
        for method, of_method in examples.items()
        if of_method.best
    }
    if not rows:
        raise FoolingError("There is nothing to draw: the fooling sets hold no image of the classes of Figure 1.")
    least = paper["lowest_confidence"].value / 100
    shown = [captioned for row in rows.values() for captioned in row]
    reached = sum(captioned.confidence >= least for captioned in shown)
    rule = "of each class that the paper's Figure 1 shows, the image of the highest confidence over the runs"
    verdict = f"orange: below the paper's {format_confidence(least, decimals=1)}, which {reached} of {len(shown)} reach"
    subtitle = (rule, verdict)
    head, heading = MARGIN + heading_height(len(subtitle)), line_height(LABEL_SIZE) + 0.05
    row_height = heading + _SIDE + CAPTION_HEIGHT + 0.08
    figure = Figure(figsize=(PAGE_WIDTH, head + len(rows) * row_height + MARGIN), dpi=DPI)
    draw_heading(
        figure, "Images evolved to fool a network: the class each aims at, and the confidence in it", *subtitle
    )
    axes = page(figure)
    for number, (method, row) in enumerate(rows.items()):
        top = head + number * row_height
        axes.text(MARGIN, top, evolution_scale(examples[method].origins), size=LABEL_SIZE, va="top")
        _draw_row(axes, row, top + heading, least)
    return figure


def _draw_row(axes: Axes, row: Sequence[Captioned], top: float, least: float) -> None:
    pitch = (PAGE_WIDTH - 2 * MARGIN) / max(map(len, CLASSES.values()))
    for number, captioned in enumerate(row):
        left = MARGIN + number * pitch + (pitch - _SIDE) / 2
        draw_captioned(axes, captioned, left, top, _SIDE, least=least, room=pitch)


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of both encodings")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    with recorded(parser) as arguments:
        paper = published(read_paper_values(arguments.paper_values), "figure_1")
        examples = gather_examples(FoolingSetFiles(arguments.fooling_sets).values())
        save_figure(draw_examples(examples, paper), arguments.output)


if __name__ == "__main__":
    run_step(main)
