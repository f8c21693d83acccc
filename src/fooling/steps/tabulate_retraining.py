"""Tabulate chains of retrained networks beside the paper (Table S2).

In: tables of rounds that `fooling.steps.score_retraining` makes, one for each chain, and the paper's values. Out: the
table as CSV or HTML, by suffix.

Example:
    python -m fooling.steps.tabulate_retraining --rounds rounds.csv --paper-values config/paper_values.csv \\
        --item table_s2 --output table_s2.csv table_s2.html
"""

from pathlib import Path

from fooling.figures.paper_values import read_paper_values
from fooling.figures.result_table import save_tables
from fooling.figures.retraining_table import read_rounds, retraining_html, retraining_table
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--rounds", type=Path, nargs="+", required=True, help="tables of rounds (.csv)")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (.csv)")
    parser.add_argument("--item", help="the paper's table among them [default: none has these networks]")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = read_paper_values(arguments.paper_values)
    table = retraining_table(read_rounds(arguments.rounds), paper, arguments.item)
    save_tables(arguments.output, table, retraining_html(table, paper, arguments.item))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
