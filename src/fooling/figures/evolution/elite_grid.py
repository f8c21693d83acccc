r"""The elites of evolution, a column for each class and a row for each run (paper, Figures 4, 5, 11 and S2).

In: fooling sets, a row for each run in each of them. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.elite_grid \
        --fooling-sets direct/seed-0/fooling_set.npz direct/seed-1/fooling_set.npz \
        --output figure_04.png figure_04.svg
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.image_grid import Layout, Panel, Row, draw_image_grid
from fooling.figures.parts.names import class_title, one_line, shortened
from fooling.figures.parts.rows import cells_of, threshold_sentence
from fooling.figures.parts.style import save_figure
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.runs import split_runs
from fooling.results.wording import counted, dataset_name, format_confidence, listed, method_name

ROOMY_ROWS = 10
"""More rows than these are drawn small and in two panels, without a confidence beneath each image."""
_LONGEST_NAME = 32


def draw_elite_grid(fooling_sets: Sequence[FoolingSet], row_labels: Sequence[str] | None = None) -> Figure:
    """Draw the final image of each class and run with its confidence, and each run's median.

    Up to ten rows show a confidence beneath each image; more of them are drawn in two panels of
    small images, where a row's median and lowest confidence stand at its right. Images below the
    paper's threshold are orange, by caption and frame.

    Args:
        fooling_sets: what to draw, a row for each run in each set.
        row_labels: one for each row; if None, "run SEED" with what else tells the runs apart.

    Raises:
        FoolingError: the sets do not make a grid, or the labels are not one for each row.
    """
    runs = split_runs(fooling_sets)
    labels = _labels(runs) if row_labels is None else [one_line(label) for label in row_labels]
    if len(labels) != len(runs):
        raise FoolingError(f"{counted(len(labels), 'row label')} for {counted(len(runs), 'row')}: give one for each.")
    roomy = len(runs) <= ROOMY_ROWS
    rows = [_row(run, label, roomy=roomy) for run, label in zip(runs, labels, strict=True)]
    origin = runs[0].evolution
    columns = [shortened(class_title(origin, target), _LONGEST_NAME) for target in runs[0].target.tolist()]
    if roomy:
        layout = Layout(column_width=_label_width(columns), label_width=_label_width(labels), note_header=("median",))
        return draw_image_grid([Panel(rows)], columns, _title(runs), _subtitle(runs), layout)
    half = (len(rows) + 1) // 2
    layout = Layout(
        side=0.28,
        gap=0.02,
        label_width=_label_width(labels),
        note_width=0.56,
        caption_lines=0,
        across=2,
        note_header=("median", "lowest"),
    )
    return draw_image_grid([Panel(rows[:half]), Panel(rows[half:])], columns, _title(runs), _subtitle(runs), layout)


def _label_width(labels: Sequence[str]) -> float:
    """Return the room that the longest label needs, in inches."""
    return 0.08 + 0.062 * max(map(len, labels))


def _labels(runs: Sequence[FoolingSet]) -> list[str]:
    telling = [key for key in ("method", "network") if len({getattr(run.origin, key) for run in runs}) > 1]
    return [", ".join([*(getattr(run.origin, key) for key in telling), f"run {run.run[0]}"]) for run in runs]


def _row(run: FoolingSet, label: str, *, roomy: bool) -> Row:
    median = format_confidence(float(np.median(run.confidence)), decimals=4)
    lowest = format_confidence(float(run.confidence.min()), decimals=4)
    return Row(label, cells_of(run), (median,) if roomy else (median, lowest))


def _title(runs: Sequence[FoolingSet]) -> str:
    datasets = listed(dataset_name(run.origin.dataset) for run in runs)
    methods = listed(method_name(run.origin.method) for run in runs)
    return f"{datasets}: images evolved with the {methods}"


def _subtitle(runs: Sequence[FoolingSet]) -> list[str]:
    scales = listed(
        f"{counted(run.evolution.generations, 'generation')} \N{MULTIPLICATION SIGN} {run.evolution.batch:,} children"
        for run in runs
    )
    networks = listed(run.origin.network for run in runs)
    exact = "; fitness: exact log-confidence" if runs[0].evolution.fitness == "log" else ""
    sentence = f"{counted(len(runs), 'independent run')} of {scales} against {networks}{exact}"
    return [sentence, threshold_sentence(runs)]


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, in rows' order")
    parser.add_argument("--row-labels", nargs="+", help="one for each row [default: run SEED]")
    with recorded(parser) as arguments:
        figure = draw_elite_grid([load_fooling_set(path) for path in arguments.fooling_sets], arguments.row_labels)
        save_figure(figure, arguments.output)


if __name__ == "__main__":
    run_step(main)
