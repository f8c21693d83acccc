r"""Check that a run reproduces the claims that its configuration promises.

In: the table that `fooling.steps.claims.tabulate_claims` makes, and the names of the promised claims. Out: a list of
them; if one is missed, none, and a sentence that names the missed ones.

    python -m fooling.steps.claims.verify_claims --claims claims.csv \
        --promised lenet.test_error figure_5.median_confidence \
        --output verified.txt
"""

from functools import partial
from pathlib import Path

from fooling.artifacts.storage import save_with
from fooling.artifacts.table import read_table
from fooling.claims.verdicts import COLUMNS, missed_promises
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.results.drawing import drawing_parser, recorded


def main() -> None:
    """Parse the command line, check, save."""
    parser = drawing_parser(main)
    parser.add_argument("--claims", type=Path, required=True, help="the table of verdicts (.csv)")
    parser.add_argument("--promised", nargs="*", default=[], help="claims that must be reproduced")
    with recorded(parser) as arguments:
        claims = read_table(arguments.claims, (), COLUMNS)
        missed = missed_promises(claims, arguments.promised)
        if missed:
            raise FoolingError(f"The configuration promises what this run misses: {', '.join(missed)}; see the claims.")
        text = "".join(f"{name}: reproduced, as promised\n" for name in arguments.promised) or "Nothing was promised.\n"
        save_with(arguments.output[0], partial(Path.write_text, data=text, encoding="utf-8"))


if __name__ == "__main__":
    run_step(main)
