r"""Tabulate how many images each experiment evaluates until the median class is labelled with a confidence.

In: history.csv of every run, with the experiment and the encoding. Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_scaling --runs mnist direct mnist/direct/lenet-1/seed-0/history.csv \
        --runs mnist cppn mnist/cppn/lenet-1/seed-0/history.csv --output scaling.csv scaling.html
"""

from pathlib import Path

from fooling.figures.result_table import save_tables
from fooling.figures.scaling import scaling_html, scaling_table
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record
from fooling.steps.scaling_runs import add_runs, histories_of, read_runs


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    add_runs(parser)
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments, histories_of(arguments))
    table = scaling_table(read_runs(arguments))
    save_tables(arguments.output, table, scaling_html(table))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
