r"""Draw the last elites of evolution: columns are classes, rows are runs (Figures 4, 5, 11 and S2).

In: fooling sets, a row for each run in each of them. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_elites --fooling-sets direct/seed-0/fooling_set.npz direct/seed-1/fooling_set.npz \
        --output figure_04.png figure_04.svg
"""

from pathlib import Path

from fooling.figures.elite_grid import draw_elite_grid
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, in rows' order")
    parser.add_argument("--row-labels", nargs="+", help="one for each row [default: run SEED]")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    figure = draw_elite_grid([load_fooling_set(path) for path in arguments.fooling_sets], arguments.row_labels)
    save_figure(figure, arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
