r"""Diverse fooling images, chosen by a rule (paper, Figure 8).

Among distinct images of at least 90 % confidence (if they are fewer than forty, the 200 most confident), the most
confident is taken, then always the one most unlike those before it in the features of another network.

In: fooling sets of runs of one encoding against one network, the features of these on another network (of the step
embed, which got the sets in the same order), and the paper's values. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.diverse_images --features features/imagenet.npz --fooling-sets \
        cppn/lite0/seed-0/fooling_set.npz cppn/lite0/seed-1/fooling_set.npz \
        --paper-values config/paper_values.csv --output figure_08.png figure_08.svg
"""

import textwrap
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fooling.artifacts.features import Features, load_features
from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.command_line import run_step
from fooling.figures.parts.captioned import CAPTION_HEIGHT, Captioned, draw_captioned
from fooling.figures.parts.names import class_title
from fooling.figures.parts.picture import page
from fooling.figures.parts.style import DPI, MARGIN, PAGE_WIDTH, draw_heading, heading_height, save_figure, style
from fooling.results.diverse_images import IMAGES, LEAST_CONFIDENCE, Choice, choose_diverse, confidence_of
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.evolution_scale import evolution_scale
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.wording import format_confidence

_ACROSS, _SIDE = 10, 0.48
"""Images in a row, and inches of each; their colours hardly compress."""
_SUBTITLE_LETTERS = 118


@style()
def draw_gallery(
    features: Features, fooling_sets: Collection[FoolingSet], choice: Choice, paper: Mapping[str, Published]
) -> Figure:
    """Draw the images that `choose_diverse` has chosen, each with its class and confidence, in the order of choice.

    Args:
        features: of these sets on another network.
        fooling_sets: of one encoding and network; one need be held at a time.
        choice: among their images.
        paper: what the paper reports of Figure 8, in percent, by quantity.

    Raises:
        FoolingError: the sets differ in encoding, network or scale.
    """
    scale = evolution_scale(features.origins)
    shown = _captioned(fooling_sets, choice.rows)
    mean, lowest = float(choice.confidence.mean()), float(choice.confidence.min())
    reported = paper["mean_confidence"]
    subtitle = (
        scale,
        f"mean confidence {format_confidence(mean)}; the paper's {IMAGES}: "
        f"{format_confidence(reported.value / 100)}; lowest {format_confidence(lowest)}"
        + ("" if choice.confident else f"; below {100 * LEAST_CONFIDENCE:g}\u2009% in orange"),
        *textwrap.wrap(_rule(choice, features.network), _SUBTITLE_LETTERS),
    )
    head, pitch = MARGIN + heading_height(len(subtitle)), (PAGE_WIDTH - 2 * MARGIN) / _ACROSS
    row_height = _SIDE + CAPTION_HEIGHT + 0.08
    tiers = -(-len(shown) // _ACROSS)
    figure = Figure(figsize=(PAGE_WIDTH, head + tiers * row_height + MARGIN), dpi=DPI)
    draw_heading(figure, f"{len(shown)} diverse fooling images", *subtitle)
    axes = page(figure)
    for place, captioned in enumerate(shown):
        left = MARGIN + place % _ACROSS * pitch + (pitch - _SIDE) / 2
        top = head + place // _ACROSS * row_height
        draw_captioned(axes, captioned, left, top, _SIDE, least=LEAST_CONFIDENCE, room=pitch)
    return figure


def _rule(choice: Choice, network: str) -> str:
    among = (
        f"the {choice.candidates:,} distinct images of at least {100 * LEAST_CONFIDENCE:g}\u2009%"
        if choice.confident
        else f"the {choice.candidates:,} distinct images of the highest confidence (fewer than {IMAGES} reach "
        f"{100 * LEAST_CONFIDENCE:g}\u2009%)"
    )
    order = f"the most confident, then always the one most unlike those before it in {network}'s features"
    return f"chosen among {among}: {order}"


def _captioned(fooling_sets: Collection[FoolingSet], rows: np.ndarray) -> list[Captioned]:
    """Return the images at some rows of the features, in their order."""
    captioned: dict[int, Captioned] = {}
    begin = 0
    for fooling_set in fooling_sets:
        final = fooling_set.final()
        for row in rows[(rows >= begin) & (rows < begin + len(final))].tolist():
            place = row - begin
            name = class_title(final.origin, int(final.target[place]))
            captioned[row] = Captioned(final.images[place].copy(), name, float(final.confidence[place]))
        begin += len(final)
    return [captioned[row] for row in rows.tolist()]


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--features", type=Path, required=True, help="features on another network (.npz)")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="as in the step embed")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    with recorded(parser) as arguments:
        paper = published(read_paper_values(arguments.paper_values), "figure_8")
        fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
        features = load_features(arguments.features)
        choice = choose_diverse(features, confidence_of(features, fooling_sets))
        save_figure(draw_gallery(features, fooling_sets, choice, paper), arguments.output)


if __name__ == "__main__":
    run_step(main)
