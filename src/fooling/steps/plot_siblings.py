r"""Draw fooling images of three lizards and three toy dogs in two runs, and how alike all siblings are (Figure 9).

In: the fooling sets of two runs of one encoding against one network on ImageNet, and the table of siblings of all
runs (CSV, of the step tabulate_siblings). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_siblings --fooling-sets cppn/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-1/fooling_set.npz --siblings tables/siblings.csv --output figure_09.png figure_09.svg
"""

from pathlib import Path

from fooling.figures.sibling_table import read_sibling_table
from fooling.figures.siblings import draw_siblings
from fooling.figures.style import save_figure
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs=2, required=True, help="fooling sets of two runs")
    parser.add_argument("--siblings", type=Path, required=True, help="table of siblings (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
    save_figure(draw_siblings(fooling_sets, read_sibling_table(arguments.siblings)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
