r"""How often the elite of one class descends from that of another (paper, section 2.2).

In: the elites of runs of evolution. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.goal_switches --elites cppn/lite0/seed-0/elites.npz \
        direct/lite0/seed-0/elites.npz --output goal_switches.csv goal_switches.html
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.evolution.lineage import Lineage, load_lineage
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import dataset_name, method_name
from fooling.tables.evolution import PAPER_SCALE
from fooling.tables.html import html_page


def goal_switch_table(lineages: Iterable[Lineage]) -> pd.DataFrame:
    """Return one row per run.

    Args:
        lineages: one for each run; they are read one at a time.

    Returns:
        encoding, dataset, network, run, generations, children, classes; replacements after the initial population and
        the shares of them that are goal_switches (the parent was drawn from another class) and conquests (the parent
        did not hold this class at all), missing without replacements, beside the share of switches if a parent told
        nothing of the class (unrelated). Of the last elites' ancestries: how many different elites there are, the
        median and largest number of ancestors, of goal switches and of classes, and the share of the classes with at
        least one switch.
    """
    return pd.DataFrame([_row(lineage) for lineage in lineages])


def _row(lineage: Lineage) -> dict[str, object]:
    origin, later = lineage.origin, lineage.later
    paths = [lineage.ancestry(cell) for cell in np.flatnonzero(lineage.elites >= 0).tolist()]
    ancestors = np.array([len(path) - 1 for path in paths])
    switches = np.array([lineage.switched[path].sum() for path in paths])
    classes = np.array([len(np.unique(lineage.cell[path])) for path in paths])
    return {
        "encoding": origin.method,
        "dataset": origin.dataset,
        "network": origin.network,
        "run": lineage.run,
        "generations": origin.generations,
        "children": origin.batch,
        "classes": len(lineage.elites),
        "replacements": int(later.sum()),
        "goal_switches": lineage.switched[later].mean() if later.any() else np.nan,
        "conquests": lineage.conquered[later].mean() if later.any() else np.nan,
        "unrelated": 1 - 1 / len(lineage.elites),
        "distinct_elites": len(np.unique(lineage.elites[lineage.elites >= 0])),
        "median_ancestors": float(np.median(ancestors)),
        "most_ancestors": int(ancestors.max()),
        "median_switches": float(np.median(switches)),
        "most_switches": int(switches.max()),
        "median_path_classes": float(np.median(classes)),
        "most_path_classes": int(classes.max()),
        "classes_with_switch": float((switches > 0).mean()),
    }


def goal_switch_html(table: pd.DataFrame) -> str:
    """Return the table of `goal_switch_table` as a small HTML page."""
    head = [
        "",
        "replaced elites",
        "goal switches",
        "parent held only others",
        "if unrelated",
        "different elites",
        "ancestors",
        "switches among them",
        "classes among them",
        "elites with a switch",
    ]
    records = table.to_dict("records")
    rows = [
        [
            f"{dataset_name(row['dataset'])}, {method_name(row['encoding'])}, {row['network']}, run {row['run']}",
            f"{row['replacements']:,}",
            _percent(row["goal_switches"]),
            _percent(row["conquests"]),
            _percent(row["unrelated"]),
            f"{row['distinct_elites']:,} of {row['classes']:,}",
            f"{row['median_ancestors']:g} (up to {row['most_ancestors']:,})",
            f"{row['median_switches']:g} (up to {row['most_switches']:,})",
            f"{row['median_path_classes']:g} (up to {row['most_path_classes']:,})",
            _percent(row["classes_with_switch"]),
        ]
        for row in records
    ]
    scales = dict.fromkeys(
        f"{dataset_name(row['dataset'])}, {method_name(row['encoding'])}: {row['generations']:,} generations "
        f"\N{MULTIPLICATION SIGN} {row['children']:,} children"
        for row in records
    )
    paper = [PAPER_SCALE[name] for name in dict.fromkeys(row["dataset"] for row in records) if name in PAPER_SCALE]
    note = (
        f"{'; '.join(scales)}. A goal switch is a replaced elite whose parent was drawn from another class; the "
        "initial population does not count. An elite may hold many classes and be drawn from one while its child "
        "improves on it in another; where the parent held only others, it was not the elite that was replaced. "
        "If unrelated: the share of switches if the class of the parent told nothing of the child's. "
        "Right of the different elites: median over the last elites, one for each class, of what stands on their "
        "ancestry back to the initial population."
    )
    return html_page("Goal switches", head, rows, " ".join([note, *paper]))


def _percent(share: float) -> str:
    return "\N{EN DASH}" if np.isnan(share) else f"{100 * share:.1f}\u2009%"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--elites", type=Path, nargs="+", required=True, help="files of elites, one run each")
    with recorded(parser) as arguments:
        table = goal_switch_table(map(load_lineage, arguments.elites))
        save_tables(arguments.output, table, goal_switch_html(table))


if __name__ == "__main__":
    run_step(main)
