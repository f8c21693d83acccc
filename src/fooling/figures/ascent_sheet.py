"""Images of gradient ascent, a column for each class and a row for each start (paper, Figures S3-S7)."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from fooling.class_names import class_name
from fooling.figures.ascent_pixels import embedded_side, shrink, subtract_means
from fooling.figures.ascent_text import scale_sentences, scaling_sentence
from fooling.figures.image_grid import Cell, Layout, Panel, Row, draw_image_grid
from fooling.figures.paper_values import Published
from fooling.figures.runs import listed, split_runs, threshold_sentence
from fooling.figures.style import DPI, ascent_set_name, dataset_name, format_confidence
from fooling.fooling_set import FoolingSet

_NEEDED = ("dataset", "network", "set", "classes")
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
    runs = split_runs(fooling_sets, _NEEDED)
    side = embedded_side(sum(map(len, runs)), runs[0].images.shape[-1])
    shown, scaling = [np.rint(shrink(run.images, side)).astype(np.uint8) for run in runs], []
    if mean_subtracted:
        shown, factor = subtract_means(runs, side)
        scaling = [scaling_sentence(factor)]
    layout = _layout(side, shrunk=side < runs[0].images.shape[-1])
    columns = [str(target) for target in runs[0].target]
    mean = [] if paper is None else [_mean_sentence(runs, paper["mean_confidence"])]
    sentences = [*scale_sentences(runs), *mean, threshold_sentence(runs), *scaling]
    names = [class_name(runs[0].origin["dataset"], target) for target in runs[0].target]
    if names != columns:
        numbered = (
            f"{number} {name}".replace(" ", "\N{NO-BREAK SPACE}") for number, name in zip(columns, names, strict=True)
        )
        sentences.append(", ".join(numbered))
    letters = int(layout.panel_width(layout.fitted(side), len(columns)) * _LETTERS)
    subtitle = [line for sentence in sentences for line in textwrap.wrap(sentence, letters)]
    datasets = listed(dataset_name(run.origin["dataset"]) for run in runs)
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
        title = f"{ascent_set_name(fooling_set.origin['set'])} against {fooling_set.origin['network']}"
        panels.append(Panel(rows[begin:end], title))
        begin = end
    return panels


def _row(run: FoolingSet, shown: np.ndarray) -> Row:
    cells = [Cell(image, (value,)) for image, value in zip(shown, run.confidence.tolist(), strict=True)]
    median = format_confidence(float(np.median(run.confidence)))
    return Row(f"start {run.run[0]}", cells, (median, f"{np.median(run.generation):.0f}"))
