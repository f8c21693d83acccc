r"""The images of Figure 1 as a table: the classes that the paper opens with, and the confidence reached in each.

In: the fooling sets of all runs of both encodings on ImageNet. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.examples --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz --output examples.csv examples.html
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.examples import Examples, gather_examples
from fooling.results.wording import format_confidence, method_name
from fooling.tables.html import html_page


def examples_table(examples: Mapping[str, Examples]) -> pd.DataFrame:
    """Return the examples, a row for each in the order of the figure: encoding, class_name, confidence."""
    shown = [(method, each) for method, of_method in examples.items() for each in of_method.in_order(method)]
    rows = [{"encoding": method, "class_name": each.name, "confidence": each.confidence} for method, each in shown]
    return pd.DataFrame(rows, columns=["encoding", "class_name", "confidence"])


def examples_html(table: pd.DataFrame) -> str:
    """Return the table of `examples_table` as a small HTML page."""
    rows = [
        [row["class_name"], method_name(row["encoding"]), format_confidence(row["confidence"], decimals=4)]
        for row in table.to_dict("records")
    ]
    note = "Of each class that the paper's Figure 1 shows, the image of the highest confidence over the runs."
    return html_page("The images of Figure 1", ["class", "encoding", "confidence"], rows, note)


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of both encodings")
    with recorded(parser) as arguments:
        table = examples_table(gather_examples(FoolingSetFiles(arguments.fooling_sets).values()))
        save_tables(arguments.output, table, examples_html(table))


if __name__ == "__main__":
    run_step(main)
