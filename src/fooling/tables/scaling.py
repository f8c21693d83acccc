r"""What each confidence costs, as a table (paper, sections 3.1 and 3.2).

In: history.csv of every run, with the experiment and the encoding. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.scaling --runs mnist direct mnist/direct/lenet-1/seed-0/history.csv \
        --runs mnist cppn mnist/cppn/lenet-1/seed-0/history.csv --output scaling.csv scaling.html
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.scaling import LEVELS, PAPER_SCALE, Runs, add_runs, histories_of, read_runs, scales
from fooling.results.wording import dataset_name, format_confidence, method_name
from fooling.tables.html import html_page


def scaling_table(groups: Sequence[Runs]) -> pd.DataFrame:
    """Return one row for each experiment and encoding.

    Returns:
        experiment, encoding, runs; evaluations of a whole run and the median run's median_confidence after them; to_50,
        to_90, to_99 and to_9999, the evaluations after which it is 0.5, 0.9, 0.99 and 0.9999 (missing if never).
    """
    rows = [
        {
            "experiment": group.experiment,
            "encoding": group.encoding,
            "runs": len(group.histories),
            "evaluations": group.evaluations[-1],
            "median_confidence": float(np.median(group.confidences[:, -1])),
            **{column: group.evaluations_to(level) for column, level in zip(_columns(), LEVELS, strict=True)},
        }
        for group in groups
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(("evaluations", *_columns()), "Int64"))


def _columns() -> list[str]:
    return [f"to_{100 * level:g}".replace(".", "") for level in LEVELS]


def scaling_html(table: pd.DataFrame) -> str:
    """Return the table of `scaling_table` as a small HTML page."""
    head = ["", "runs", "evaluations", "median then", *(f"to {format_confidence(level)}" for level in LEVELS)]
    rows = [
        [
            f"{dataset_name(row['experiment'])}, {method_name(row['encoding'])}",
            str(row["runs"]),
            f"{row['evaluations']:,}",
            format_confidence(row["median_confidence"], decimals=4),
            *("not reached" if pd.isna(row[column]) else f"{row[column]:,}" for column in _columns()),
        ]
        for row in table.to_dict("records")
    ]
    note = (
        "Images that a run had evaluated when the median over classes of the elites' confidence, in the median run, "
        "first reached a confidence. Experiments are named as in the configuration. "
        f"The paper's runs: {scales(PAPER_SCALE)}."
    )
    return html_page("Evaluations to a confidence", head, rows, note)


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    add_runs(parser)
    with recorded(parser, histories_of) as arguments:
        table = scaling_table(read_runs(arguments))
        save_tables(arguments.output, table, scaling_html(table))


if __name__ == "__main__":
    run_step(main)
