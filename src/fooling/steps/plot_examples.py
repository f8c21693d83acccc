r"""Draw fooling images of the classes that the paper opens with, directly encoded and CPPNs (Figure 1).

Of each class it is the image of the highest confidence over the runs, however low.

In: the fooling sets of all runs of both encodings on ImageNet, and the paper's values.
Out: the figure as PNG, SVG or PDF, by suffix, and a table of the images in it (CSV).

    python -m fooling.steps.plot_examples --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz --paper-values config/paper_values.csv \
        --output figure_01.png figure_01.svg --table examples.csv
"""

from pathlib import Path

from fooling.figures.examples import draw_examples, examples_table, gather_examples
from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.style import save_figure
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record
from fooling.storage import save_with


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of both encodings")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    parser.add_argument("--table", type=Path, required=True, help="table of the images to write (.csv)")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = published(read_paper_values(arguments.paper_values), "figure_1")
    examples = gather_examples(FoolingSetFiles(arguments.fooling_sets).values())
    save_figure(draw_examples(examples, paper), arguments.output)
    table = examples_table(examples)
    save_with(arguments.table, lambda path: table.to_csv(path, index=False))
    for path in (arguments.output[0], arguments.table):
        record.save(provenance_path(path))


if __name__ == "__main__":
    run_step(main)
