r"""How confident networks are in images of all classes, beside natural images and the paper (section 3.2).

In: the fooling sets of all runs of several encodings and networks, the paper's values, and, if there are some, the
scores of natural images (of the step score_natural). Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.class_confidence --fooling-sets direct/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-0/fooling_set.npz cppn/lite/seed-0/fooling_set.npz --ensembles lite \
        --natural natural/imagenet.csv --paper-values config/paper_values.csv \
        --output class_confidence.csv class_confidence.html
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.results.class_runs import THRESHOLDS, ClassRuns, gather_class_runs
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.natural_scores import NaturalScores, read_natural_scores
from fooling.results.paper_values import STATUSES, Published, published, read_paper_values
from fooling.results.wording import counted, format_confidence, method_name
from fooling.tables.html import html_page

ITEMS = {"direct": "figure_6", "cppn": "figure_7"}
"""Where the paper's values tell of an encoding against one network."""
ENSEMBLE_ITEM, NATURAL_ITEM = "ensemble", "natural_images"
_NATURAL_QUANTITIES = {
    "": "median_confidence",
    "labelled rightly": "median_when_right",
    "labelled wrongly": "median_when_wrong",
}
_PAPER = ("median_confidence", "highest_confidence", "classes_at_90", "classes_at_99")
"""What of the paper's numbers stands in the table."""
_DASH = "\N{EN DASH}"


def class_confidence_table(
    gathered: Sequence[ClassRuns],
    natural: Sequence[NaturalScores],
    paper: pd.DataFrame,
    ensembles: Collection[str] = (),
) -> pd.DataFrame:
    """Sum up the confidences of each encoding against each network, and of natural images.

    Args:
        gathered: runs by encoding and network.
        natural: scores of natural images, each network's own; they follow the runs.
        paper: as `read_paper_values` gives it.
        ensembles: which of the networks are ensembles.

    Returns:
        One row per encoding and network. Confidences are in [0, 1] and, but for highest_in_one_run, those of each
        class's median over the runs: median_confidence, highest_confidence, dogs_and_cats_median, others_median;
        share_50 ... share_9999, the shares of the classes that reach 0.5 ... 0.9999; classes_50 and classes_99, their
        numbers; distinct_images, the median over the runs. Of natural images there are three rows for each network,
        whose method is `natural` and whose images are all, labelled rightly or wrongly; shares are of these images.
        paper_* is what the paper reports, likewise in [0, 1], paper_status how sure its median is.

    Raises:
        FoolingError: the paper's values lack an item that is needed.
    """
    rows = [_row(runs) | _paper_columns(_published(runs, paper, ensembles)) for runs in gathered]
    for scores in natural:
        rows += _natural_rows(scores, published(paper, NATURAL_ITEM))
    counts = ("generations", "children", "runs", "classes", "classes_50", "classes_99")
    return pd.DataFrame(rows).astype(dict.fromkeys(counts, "Int64"))


def _published(runs: ClassRuns, paper: pd.DataFrame, ensembles: Collection[str]) -> Mapping[str, Published]:
    if runs.dataset != "imagenet" or runs.method not in ITEMS:
        return {}
    if runs.network not in ensembles:
        return published(paper, ITEMS[runs.method])
    return published(paper, ENSEMBLE_ITEM) if runs.method == "cppn" else {}


def _paper_columns(reported: Mapping[str, Published]) -> dict[str, object]:
    median = reported.get("median_confidence")
    return {
        **{f"paper_{name}": _reported(reported, name) for name in _PAPER},
        "paper_status": "" if median is None else median.status,
        "paper_scale": "" if median is None else median.scale,
    }


def _reported(reported: Mapping[str, Published], name: str) -> float:
    if name not in reported:
        return np.nan
    return reported[name].value / (1 if name.startswith("classes") else 100)


def _row(runs: ClassRuns) -> dict[str, object]:
    median = runs.median
    marked = runs.kinds("dog", "cat")
    return {
        "method": runs.method,
        "network": runs.network,
        "dataset": runs.dataset,
        "images": "evolved",
        "generations": runs.generations,
        "children": runs.batch,
        "runs": len(runs.seeds),
        "classes": len(median),
        **_summary(median),
        "highest_in_one_run": float(runs.confidence.max()),
        "classes_50": runs.reaching(0.5),
        "classes_99": runs.reaching(0.99),
        "dogs_and_cats_median": _median(median[marked]),
        "others_median": _median(median[~marked]) if marked.any() else np.nan,
        "distinct_images": float(np.median(runs.distinct)),
    }


def _natural_rows(scores: NaturalScores, reported: Mapping[str, Published]) -> list[dict[str, object]]:
    rows = []
    for subset, confidence in scores.subsets.items():
        quantity = _NATURAL_QUANTITIES[subset]
        row = {
            "method": "natural",
            "network": scores.network,
            "images": f"{counted(len(confidence), scores.source)} {subset}".rstrip(),
            **(_summary(confidence) if len(confidence) else {}),
        }
        paper = {"median_confidence": reported[quantity]} if quantity in reported else {}
        rows.append(row | _paper_columns(paper))
    return rows


def _summary(confidence: np.ndarray) -> dict[str, float]:
    shares = {f"share_{key}": float((confidence >= threshold).mean()) for threshold, key in THRESHOLDS.items()}
    return {"median_confidence": _median(confidence), "highest_confidence": float(confidence.max()), **shares}


def _median(confidence: np.ndarray) -> float:
    return float(np.median(confidence)) if len(confidence) else np.nan


def class_confidence_html(table: pd.DataFrame) -> str:
    """Return the table of `class_confidence_table` as a small HTML page."""
    reach = [f"reach {100 * threshold:g}\u2009%" for threshold in THRESHOLDS]
    head = ["", "median", "paper's median", "highest", "in one run", *reach]
    head += ["dogs, cats", "others", "distinct images"]
    records: list[Any] = table.to_dict("records")
    note = (
        "Confidences are rounded down; of evolved images, those of each class's median over the runs, and the number "
        "of classes that reach a confidence. Of natural images, the confidence in the class that the network finds "
        "most likely, and the share of images that reach it. Distinct images: median of the runs; one image may hold "
        "several classes."
    )
    return html_page("How confident the networks are", head, map(_cells, records), f"{note} {_paper_note(records)}")


def _paper_note(records: Sequence[Mapping[str, Any]]) -> str:
    statuses = dict.fromkeys(record["paper_status"] for record in records if record["paper_status"])
    scales = dict.fromkeys(
        f"{record['paper_scale']} (beside {_kind(record)})" for record in records if record["paper_scale"]
    )
    if not scales:
        return ""
    meanings = "; ".join(f"{status}: {STATUSES[status]}" for status in statuses)
    return f"The paper's values ({meanings}) are of {'; '.join(scales)}."


def _kind(record: Mapping[str, Any]) -> str:
    return (
        "natural images" if record["method"] == "natural" else f"{method_name(record['method'])}, {record['network']}"
    )


def _cells(record: Mapping[str, Any]) -> list[str]:
    distinct = record["distinct_images"]
    return [
        _name(record),
        _percent(record["median_confidence"]),
        _paper_percent(record, "median_confidence"),
        _percent(record["highest_confidence"]) + _in_brackets(_paper_percent(record, "highest_confidence")),
        _percent(record["highest_in_one_run"]),
        *(_reach(record, key) for key in THRESHOLDS.values()),
        _percent(record["dogs_and_cats_median"]),
        _percent(record["others_median"]),
        _DASH if pd.isna(distinct) else f"{distinct:g}",
    ]


def _name(record: Mapping[str, Any]) -> str:
    if record["method"] == "natural":
        return f"{record['images']}, {record['network']}"
    scale = f"{counted(record['runs'], 'run')} of {counted(record['generations'], 'generation')}"
    return f"{_kind(record)}: {scale} \N{MULTIPLICATION SIGN} {record['children']:,} children"


def _reach(record: Mapping[str, Any], key: str) -> str:
    share, classes = record[f"share_{key}"], record["classes"]
    if pd.isna(share):
        return _DASH
    if pd.isna(classes):
        return f"{100 * share:.0f}\u2009%"
    reported = record.get(f"paper_classes_at_{key}", np.nan)
    return f"{round(share * classes)}" + _in_brackets(_DASH if pd.isna(reported) else f"{reported:g}")


def _percent(confidence: float) -> str:
    return _DASH if pd.isna(confidence) else format_confidence(confidence)


def _paper_percent(record: Mapping[str, Any], name: str) -> str:
    """Return a confidence as the paper reports it, neither rounded nor bounded, with how sure it is."""
    value = record[f"paper_{name}"]
    return _DASH if pd.isna(value) else f"{round(100 * value, 2):g}\u2009% {record['paper_status']}"


def _in_brackets(reported: str) -> str:
    return "" if reported == _DASH else f" (paper: {reported})"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of evolution")
    parser.add_argument("--natural", type=Path, nargs="*", default=[], help="scores of natural images (CSV)")
    parser.add_argument("--ensembles", nargs="*", default=[], help="names of those networks that are ensembles")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    with recorded(parser) as arguments:
        paper = read_paper_values(arguments.paper_values)
        natural = read_natural_scores(arguments.natural)
        gathered = gather_class_runs(FoolingSetFiles(arguments.fooling_sets).values())
        table = class_confidence_table(gathered, natural, paper, arguments.ensembles)
        save_tables(arguments.output, table, class_confidence_html(table))


if __name__ == "__main__":
    run_step(main)
