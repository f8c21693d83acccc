"""Images of gradient ascent, a column for each class and a row for each start (paper, Figures 13 and S3-S7)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from fooling.figures.image_grid import Layout, Panel, Row, draw_image_grid
from fooling.figures.runs import cells_of, listed, split_runs, threshold_sentence
from fooling.figures.style import ascent_set_name, dataset_name, format_confidence
from fooling.fooling_set import FoolingSet

_NEEDED = ("dataset", "network", "set")


def draw_ascent_sheet(fooling_sets: Sequence[FoolingSet]) -> Figure:
    """Draw the last iterate of each class and start with its confidence, a panel for each fooling set.

    At the right of a row stand the median confidence and the median number of iterations that its
    images took; those that reach the stopping confidence take fewer than the others.

    Args:
        fooling_sets: one for each named set of hyperparameters.

    Raises:
        FoolingError: the sets are not of gradient ascent, are empty, or differ in classes or image size.
    """
    runs = split_runs(fooling_sets, _NEEDED)
    panels = []
    for fooling_set in fooling_sets:
        title = f"{ascent_set_name(fooling_set.origin['set'])} against {fooling_set.origin['network']}"
        panels.append(Panel([_row(run) for run in split_runs([fooling_set], _NEEDED)], title))
    columns = [str(target) for target in runs[0].target]
    datasets = listed(dataset_name(run.origin["dataset"]) for run in runs)
    layout = Layout(label_width=0.5, note_header=("median", "iterations"))
    subtitle = ["The last image of each start; the sets are the authors' hyperparameters", threshold_sentence(runs)]
    return draw_image_grid(panels, columns, f"{datasets}: images made by gradient ascent", subtitle, layout)


def _row(run: FoolingSet) -> Row:
    median = format_confidence(float(np.median(run.confidence)))
    return Row(f"start {run.run[0]}", cells_of(run), (median, f"{np.median(run.generation):.0f}"))
