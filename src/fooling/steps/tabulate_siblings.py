r"""Tabulate how much more alike champions of sibling classes are within a run than between runs (beside Figure 9).

In: features of the final images of two or more runs of one encoding against one network (of the step embed).
Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_siblings --features features/imagenet.npz --output siblings.csv siblings.html
"""

from pathlib import Path

from fooling.features import load_features
from fooling.figures.result_table import save_tables
from fooling.figures.sibling_table import sibling_html, sibling_table
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--features", type=Path, required=True, help="features on another network (.npz)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    features = load_features(arguments.features)
    table = sibling_table(features)
    save_tables(arguments.output, table, sibling_html(table, features))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
