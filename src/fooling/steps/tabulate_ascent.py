r"""Tabulate what gradient ascent reached with each named set of hyperparameters, and how smooth its images are.

In: fooling sets of the ascend step, of any data sets and networks. Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_ascent --fooling-sets minus_1/lite0/fooling_set.npz 169/lite0/fooling_set.npz \
        --paper-values config/paper_values.csv --output ascent.csv ascent.html
"""

from pathlib import Path

from fooling.figures.ascent_table import ascent_html, ascent_table
from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.result_table import save_tables
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record

ITEM = "figure_s3"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of gradient ascent")
    parser.add_argument("--paper-values", type=Path, help="the published numbers (CSV), to tell the paper's mean")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = None if arguments.paper_values is None else published(read_paper_values(arguments.paper_values), ITEM)
    table = ascent_table(FoolingSetFiles(arguments.fooling_sets).values())
    save_tables(arguments.output, table, ascent_html(table, paper))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
