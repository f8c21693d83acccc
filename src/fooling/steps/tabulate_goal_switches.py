r"""Tabulate how often the elite of one class descends from that of another.

In: the archives of runs of evolution. Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_goal_switches --archives cppn/lite0/seed-0/archive.npz \
        direct/lite0/seed-0/archive.npz --output goal_switches.csv goal_switches.html
"""

from pathlib import Path

from fooling.figures.goal_switches import goal_switch_html, goal_switch_table
from fooling.figures.result_table import save_tables
from fooling.lineage import load_lineage
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--archives", type=Path, nargs="+", required=True, help="archives of elites, one run each")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    table = goal_switch_table(map(load_lineage, arguments.archives))
    save_tables(arguments.output, table, goal_switch_html(table))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
