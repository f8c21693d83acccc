r"""Draw the images of gradient ascent: columns are classes, rows are starts, one panel for each named set.

In: fooling sets of the ascend step, one for each panel. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_ascent --fooling-sets minus_1/lenet-1/fooling_set.npz 169/lenet-1/fooling_set.npz \
        --output ascent.png ascent.svg
    python -m fooling.steps.plot_ascent --fooling-sets 169/lite0/fooling_set.npz --mean-subtracted \
        --paper-values config/paper_values.csv --item figure_s3 --output figure_s3.png figure_s3.svg
"""

from pathlib import Path

from fooling.errors import FoolingError
from fooling.figures.ascent_sheet import draw_ascent_sheet
from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, in panels' order")
    parser.add_argument(
        "--mean-subtracted", action="store_true", help="show the images less the mean colour, scaled to be visible"
    )
    parser.add_argument("--paper-values", type=Path, help="the published numbers (CSV), to tell the mean confidence")
    parser.add_argument("--item", help="which of them, such as figure_s3")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    if (arguments.paper_values is None) != (arguments.item is None):
        raise FoolingError("--paper-values and --item belong together; give both or none.")
    paper = None
    if arguments.paper_values is not None:
        paper = published(read_paper_values(arguments.paper_values), arguments.item)
    fooling_sets = [load_fooling_set(path) for path in arguments.fooling_sets]
    figure = draw_ascent_sheet(fooling_sets, mean_subtracted=arguments.mean_subtracted, paper=paper)
    save_figure(figure, arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
