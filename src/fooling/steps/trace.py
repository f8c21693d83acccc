"""Trace a result back to its sources: each step on the way, its settings, code, versions and inputs.

In: a figure, a table or any other result. Out, on the terminal: a tree that ends at checksummed data files, weights
and tables of the repository; or all that is recorded, as JSON. What is no longer as it was recorded is named, and the
exit code is then 3. Paths are those of the folder in which the workflow ran: call it there.

    python -m fooling.steps.trace results/default/figures/figure_05.png
"""

import json
import sys
from pathlib import Path

from fooling.errors import FoolingError
from fooling.steps.command_line import run_step, step_parser
from fooling.trace import trace, tree


def main() -> None:
    """Parse the command line, trace, print."""
    parser = step_parser(main)
    parser.add_argument("result", type=Path, help="a figure, a table or any other result")
    parser.add_argument("--json", action="store_true", help="print all that is recorded")
    arguments = parser.parse_args()
    traced = trace(arguments.result)
    if traced.sha256 is None:
        raise FoolingError(f"There is no file {traced.path}; give a figure, a table or another result.")
    if traced.record is None:
        raise FoolingError(f"{traced.path} has no provenance record beside it; make it again to have one.")
    files = list(traced.walk())
    changes = [change for file in files for change in file.changes()]
    if arguments.json:
        plain = {str(file.path): file.plain() for file in files}
        print(json.dumps({"result": str(traced.path), "files": plain, "changes": changes}, indent=1))
    else:
        print("\n".join(tree(traced)))
        print("\n".join(["", *changes]) if changes else f"\nAll {len(files)} files and the code are as recorded.")
    if changes:
        sys.exit(3)


if __name__ == "__main__":
    run_step(main)
