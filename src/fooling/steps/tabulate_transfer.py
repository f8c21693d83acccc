r"""Tabulate how often images fool a network that they were not made against, beside the paper (Table S1).

In: transfer.csv of the transfer step, and the paper's values. Out: the table as CSV or HTML, by suffix.

    python -m fooling.steps.tabulate_transfer --table transfer.csv --paper-values config/paper_values.csv \
        --item table_s1_mnist --output table_s1.csv table_s1.html
"""

from pathlib import Path

from fooling.figures.paper_values import read_paper_values
from fooling.figures.result_table import save_tables
from fooling.figures.transfer_table import read_shares, transfer_html, transfer_table
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = step_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="table of shares (transfer.csv)")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--item", default="table_s1_mnist", help="which of them [default: %(default)s]")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="tables to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    shares = read_shares(arguments.table)
    table = transfer_table(shares, read_paper_values(arguments.paper_values), arguments.item)
    save_tables(arguments.output, table, transfer_html(table, shares))
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
