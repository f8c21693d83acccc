r"""Fooling images of the classes that the paper opens with (paper, Figure 1).

Of each class it is the image of the highest confidence over the runs, however low.

In: the fooling sets of all runs of both encodings on ImageNet, and the paper's values.
Out: the figure as PNG, SVG or PDF, by suffix, and a table of the images in it (CSV).

    python -m fooling.figures.evolution.examples --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz --paper-values config/paper_values.csv \
        --output figure_01.png figure_01.svg --table examples.csv
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.origin import Origin
from fooling.artifacts.storage import save_with
from fooling.command_line import run_step
from fooling.data.imagenet.classes import imagenet_classes
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
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.wording import format_confidence

CLASSES = {
    "direct": ("robin", "cheetah", "armadillo", "lesser panda", "centipede", "peacock", "jackfruit", "bubble"),
    "cppn": (
        "king penguin",
        "starfish",
        "baseball",
        "electric guitar",
        "freight car",
        "remote control",
        "peacock",
        "African grey",
    ),
}
"""The paper's choice, by encoding."""
_SIDE = 0.62
"""Inches of an image: directly encoded ones are noise, which no file format makes small."""


@dataclass
class Examples:
    """The most confident image of each of the paper's classes, over the runs of one encoding.

    Attributes:
        origins: of the runs.
        best: by the class's number; a class of which there is no image is missing.
    """

    origins: list[Origin] = field(default_factory=list)
    best: dict[int, Captioned] = field(default_factory=dict)


def gather_examples(fooling_sets: Iterable[FoolingSet]) -> dict[str, Examples]:
    """Return the examples of each encoding; one set is held at a time.

    Raises:
        FoolingError: a set is not of ImageNet, or of neither encoding.
    """
    examples = {method: Examples() for method in CLASSES}
    for fooling_set in fooling_sets:
        method, dataset = fooling_set.origin.method, fooling_set.origin.dataset
        if method not in CLASSES or dataset != "imagenet":
            raise FoolingError(
                f"Figure 1 shows images that were evolved for ImageNet's classes, not of {dataset} by {method}; "
                "give fooling sets of evolution on ImageNet."
            )
        final, of_method = fooling_set.final(), examples[method]
        of_method.origins.append(fooling_set.origin)
        for row, target in enumerate(final.target.tolist()):
            name, confidence = imagenet_classes()[target].name, float(final.confidence[row])
            known = of_method.best.get(target)
            if name in CLASSES[method] and (known is None or confidence > known.confidence):
                of_method.best[target] = Captioned(final.images[row].copy(), name, confidence)
    return examples


def examples_table(examples: Mapping[str, Examples]) -> pd.DataFrame:
    """Return the examples, a row for each in the order of the figure: encoding, class_name, confidence."""
    shown = [(method, each) for method, of_method in examples.items() for each in _ordered(of_method, CLASSES[method])]
    rows = [{"encoding": method, "class_name": each.name, "confidence": each.confidence} for method, each in shown]
    return pd.DataFrame(rows)


@style()
def draw_examples(examples: Mapping[str, Examples], paper: Mapping[str, Published]) -> Figure:
    """Draw the examples, directly encoded ones above CPPNs, each with its class and confidence.

    Args:
        examples: as `gather_examples` gives them.
        paper: what the paper reports of Figure 1, in percent, by quantity.

    Raises:
        FoolingError: there is no image of these classes.
    """
    rows = {method: _ordered(of_method, CLASSES[method]) for method, of_method in examples.items() if of_method.best}
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


def _ordered(examples: Examples, names: Sequence[str]) -> list[Captioned]:
    return sorted(examples.best.values(), key=lambda captioned: names.index(captioned.name))


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
    parser.add_argument("--table", type=Path, required=True, help="table of the images to write (.csv)")
    with recorded(parser) as arguments:
        paper = published(read_paper_values(arguments.paper_values), "figure_1")
        examples = gather_examples(FoolingSetFiles(arguments.fooling_sets).values())
        save_figure(draw_examples(examples, paper), arguments.output)
        table = examples_table(examples)
        save_with(arguments.table, lambda path: table.to_csv(path, index=False))


if __name__ == "__main__":
    run_step(main)
