r"""Tabulate how confident networks are in the images of all classes, beside natural images and the paper.

In: the fooling sets of all runs of several encodings and networks, the paper's values, and, if there are some, the
scores of natural images (of the step score_natural). Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_class_confidence --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz cppn/lite/seed-0/fooling_set.npz --ensembles lite \
        --natural natural/imagenet.csv --paper-values config/paper_values.csv \
        --output class_confidence.csv class_confidence.html
"""

from pathlib import Path

from fooling.figures.class_confidence_table import class_confidence_html, class_confidence_table
from fooling.figures.class_runs import gather_class_runs
from fooling.figures.natural_scores import read_natural_scores
from fooling.figures.paper_values import read_paper_values
from fooling.figures.result_table import save_tables
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of evolution")
    parser.add_argument("--natural", type=Path, nargs="*", default=[], help="scores of natural images (CSV)")
    parser.add_argument("--ensembles", nargs="*", default=[], help="names of those networks that are ensembles")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = read_paper_values(arguments.paper_values)
    natural = read_natural_scores(arguments.natural)
    gathered = gather_class_runs(FoolingSetFiles(arguments.fooling_sets).values())
    table = class_confidence_table(gathered, natural, paper, arguments.ensembles)
    save_tables(arguments.output, table, class_confidence_html(table))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
