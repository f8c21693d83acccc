r"""Judge the paper's claims by the results of a run.

In: the paper's claims, how they are measured, and result files of a run (tables, histories, networks, provenance); what
is missing makes a claim "not run". Out: a table with a verdict for each claim, as CSV or HTML, by suffix.

    python -m fooling.steps.claims.tabulate_claims --paper-values config/paper_values.csv --rules workflow/claims.yaml \
        --results results/default --files results/default/tables/*.csv results/default/networks/*.npz \
        --output claims.csv claims.html
"""

from pathlib import Path

from fooling.artifacts.table import save_tables
from fooling.claims.page import claims_html
from fooling.claims.paper import read_claims
from fooling.claims.rules import read_rules
from fooling.claims.tables import ResultTables
from fooling.claims.verdicts import claims_table
from fooling.command_line import run_step
from fooling.results.drawing import drawing_parser, recorded


def main() -> None:
    """Parse the command line, judge, save."""
    parser = drawing_parser(main)
    parser.add_argument("--paper-values", type=Path, required=True, help="the claims (.csv)")
    parser.add_argument("--rules", type=Path, required=True, help="how they are measured (.yaml)")
    parser.add_argument("--results", type=Path, required=True, help="folder of the results")
    parser.add_argument("--files", type=Path, nargs="*", default=[], help="the files below it that may be read")
    with recorded(parser) as arguments:
        tables = ResultTables(arguments.results, arguments.files)
        table = claims_table(read_claims(arguments.paper_values), read_rules(arguments.rules), tables)
        save_tables(arguments.output, table, claims_html(table))


if __name__ == "__main__":
    run_step(main)
