r"""Tabulate what each run of evolution reached.

In: the fooling sets and the histories of the runs, in the same order. Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_evolution --fooling-sets run-0/fooling_set.npz run-1/fooling_set.npz \
        --histories run-0/history.csv run-1/history.csv --output evolution.csv evolution.html
"""

from pathlib import Path

from fooling.figures.evolution_table import HISTORY, evolution_html, evolution_table
from fooling.figures.result_table import read_table, save_tables
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, one run each")
    parser.add_argument("--histories", type=Path, nargs="+", required=True, help="their histories (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    histories = [read_table(path, HISTORY) for path in arguments.histories]
    table = evolution_table(FoolingSetFiles(arguments.fooling_sets).values(), histories)
    save_tables(arguments.output, table, evolution_html(table))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
