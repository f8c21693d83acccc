r"""Images of gradient ascent, a column for each class and a row for each start (paper, Figures S3-S7).

In: fooling sets of the ascend step, one for each panel. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.ascent.sheet --fooling-sets minus_1/lenet-1/fooling_set.npz 169/lenet-1/fooling_set.npz \
        --output ascent.png ascent.svg
    python -m fooling.figures.ascent.sheet --fooling-sets 169/lite0/fooling_set.npz --mean-subtracted \
        --paper-values config/paper_values.csv --item figure_s3 --output figure_s3.png figure_s3.svg
"""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.ascent.pixels import embedded_side, shrink, subtract_means
from fooling.figures.parts.image_grid import Cell, Layout, Panel, Row, draw_image_grid
from fooling.figures.parts.names import class_title
from fooling.figures.parts.rows import threshold_sentence
from fooling.figures.parts.style import DPI, save_figure
from fooling.results.ascent_scale import scale_sentences, scaling_sentence
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.runs import split_runs
from fooling.results.wording import ascent_set_name, dataset_name, format_confidence, listed

_COLUMN = 0.42
"""Inches; a confidence beneath an image needs them."""
_LETTERS = 17
"""Of a subtitle on an inch."""


def draw_ascent_sheet(
    fooling_sets: Sequence[FoolingSet],
    *,
    mean_subtracted: bool = False,
    paper: Mapping[str, Published] | None = None,
) -> Figure:
    """Draw the last iterate of each class and start with its confidence, a panel for each fooling set.

    At the right of a row stand the median confidence and the median number of iterations that its
    images took; those that reach the stopping confidence take fewer than the others.

    Args:
        fooling_sets: one for each named set of hyperparameters.
        mean_subtracted: show the images less the mean colour, scaled to be visible.
        paper: what the paper reports of these images (`mean_confidence` in percent), if it does.

    Raises:
        FoolingError: the sets are not of gradient ascent, are empty, or differ in classes or image size, or do not
            say the mean colour that is to be subtracted.
    """
    runs = split_runs(fooling_sets)
    side = embedded_side(sum(map(len, runs)), runs[0].images.shape[-1])
    shown, scaling = [np.rint(shrink(run.images, side)).astype(np.uint8) for run in runs], []
    if mean_subtracted:
        shown, factor = subtract_means(runs, side)
        scaling = [scaling_sentence(factor)]
    layout = _layout(side, shrunk=side < runs[0].images.shape[-1])
    columns = [str(target) for target in runs[0].target]
    mean = [] if paper is None else [_mean_sentence(runs, paper["mean_confidence"])]
    sentences = [*scale_sentences(runs), *mean, threshold_sentence(runs), *scaling]
    names = [class_title(runs[0].origin, target) for target in runs[0].target]
    if names != columns:
        numbered = (
            f"{number} {name}".replace(" ", "\N{NO-BREAK SPACE}") for number, name in zip(columns, names, strict=True)
        )
        sentences.append(", ".join(numbered))
    letters = int(layout.panel_width(layout.fitted(side), len(columns)) * _LETTERS)
    subtitle = [line for sentence in sentences for line in textwrap.wrap(sentence, letters)]
    datasets = listed(dataset_name(run.origin.dataset) for run in runs)
    title = f"{datasets}: images made by gradient ascent"
    return draw_image_grid(_panels(fooling_sets, runs, shown), columns, title, subtitle, layout)


def _layout(side: int, *, shrunk: bool) -> Layout:
    header = ("median", "iterations")
    usual = Layout()
    # An image that was shrunk is not enlarged again: a pixel is a dot.
    inches = side / DPI if shrunk else max(usual.fitted(side), side / DPI)
    return Layout(side=inches, column_width=_COLUMN, label_width=0.5, note_header=header)


def _mean_sentence(runs: Sequence[FoolingSet], paper: Published) -> str:
    mean = float(np.concatenate([run.confidence for run in runs]).mean())
    return f"Mean confidence {format_confidence(mean, decimals=3)} (the paper: {paper.value}\u2009%)"


def _panels(fooling_sets: Sequence[FoolingSet], runs: Sequence[FoolingSet], shown: Sequence[np.ndarray]) -> list[Panel]:
    rows = [_row(run, images) for run, images in zip(runs, shown, strict=True)]
    panels, begin = [], 0
    for fooling_set in fooling_sets:
        end = begin + len(np.unique(fooling_set.run))
        title = f"{ascent_set_name(fooling_set.ascent.set)} against {fooling_set.origin.network}"
        panels.append(Panel(rows[begin:end], title))
        begin = end
    return panels


def _row(run: FoolingSet, shown: np.ndarray) -> Row:
    cells = [Cell(image, (value,)) for image, value in zip(shown, run.confidence.tolist(), strict=True)]
    median = format_confidence(float(np.median(run.confidence)))
    return Row(f"start {run.run[0]}", cells, (median, f"{np.median(run.generation):.0f}"))


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, in panels' order")
    parser.add_argument(
        "--mean-subtracted", action="store_true", help="show the images less the mean colour, scaled to be visible"
    )
    parser.add_argument("--paper-values", type=Path, help="the published numbers (CSV), to tell the mean confidence")
    parser.add_argument("--item", help="which of them, such as figure_s3")
    with recorded(parser) as arguments:
        if (arguments.paper_values is None) != (arguments.item is None):
            raise FoolingError("--paper-values and --item belong together; give both or none.")
        paper = None
        if arguments.paper_values is not None:
            paper = published(read_paper_values(arguments.paper_values), arguments.item)
        fooling_sets = [load_fooling_set(path) for path in arguments.fooling_sets]
        figure = draw_ascent_sheet(fooling_sets, mean_subtracted=arguments.mean_subtracted, paper=paper)
        save_figure(figure, arguments.output)


if __name__ == "__main__":
    run_step(main)
