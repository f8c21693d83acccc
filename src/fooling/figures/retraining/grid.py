r"""Images that fool one retrained network after the other: a row for each round (paper, Figure 11).

In: the fooling sets of rounds 1, 2, … of one chain. Out: the figure as PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.figures.retraining.grid --fooling-sets round-1/fooling_set.npz round-2/fooling_set.npz \\
        --output figure_11.png figure_11.svg
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.command_line import run_step
from fooling.figures.parts.image_grid import Layout, Panel, Row, draw_image_grid
from fooling.figures.parts.rows import cells_of
from fooling.figures.parts.style import save_figure
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.runs import split_runs
from fooling.results.wording import counted, dataset_name, format_confidence


def draw_retraining_grid(rounds: Sequence[FoolingSet]) -> Figure:
    """Draw the last elites of the first run against each network, and the median of all runs against it.

    Args:
        rounds: the runs of round 1, 2, …, a set for each.

    Raises:
        FoolingError: the sets do not make a grid.
    """
    shown = [split_runs([evolved]) for evolved in rounds]
    first = split_runs([runs[0] for runs in shown])
    rows = [
        Row(f"DNN{run.evolution.round}", cells_of(run), _notes(runs)) for run, runs in zip(first, shown, strict=True)
    ]
    origin = first[0].evolution
    counts = " or ".join(dict.fromkeys(str(len(runs)) for runs in shown))
    scale = f"{counted(origin.generations, 'generation')} \N{MULTIPLICATION SIGN} {origin.batch} children"
    subtitle = [
        f"DNN1 is {origin.network}; each further network was trained with the images that fooled those before it.",
        f"One of {counts} runs of {scale} per row; the median is over all runs and classes, the range over the runs'.",
    ]
    title = f"{dataset_name(origin.dataset)}: retraining with fooling images as one more class"
    layout = Layout(label_width=0.45, note_width=1.1, note_header=("median", "range over runs"))
    return draw_image_grid([Panel(rows)], [str(target) for target in first[0].target], title, subtitle, layout)


def _notes(runs: Sequence[FoolingSet]) -> tuple[str, str]:
    medians = [float(np.median(run.confidence)) for run in runs]
    pooled = float(np.median(np.concatenate([run.confidence for run in runs])))
    low, high = (format_confidence(bound) for bound in (min(medians), max(medians)))
    return format_confidence(pooled), f"{low} \N{EN DASH} {high}"


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, by round")
    with recorded(parser) as arguments:
        sets = [load_fooling_set(path) for path in arguments.fooling_sets]
        save_figure(draw_retraining_grid(sets), arguments.output)


if __name__ == "__main__":
    run_step(main)
