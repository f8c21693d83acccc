"""Draw images that fool one retrained network after the other (Figure 11).

In: the fooling sets of rounds 1, 2, … of one chain. Out: the figure as PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.steps.plot_retraining --fooling-sets round-1/fooling_set.npz round-2/fooling_set.npz \\
        --output figure_11.png figure_11.svg
"""

from pathlib import Path

from fooling.figures.retraining_grid import draw_retraining_grid
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, by round")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    sets = [load_fooling_set(path) for path in arguments.fooling_sets]
    save_figure(draw_retraining_grid(sets), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
