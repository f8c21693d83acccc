r"""How well detectors of unnatural images tell fooling images from natural ones, as a table.

In: scores of the step detect, one file for each network; networks that differ in their seed alone belong together.
Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.detection --scores lenet-1/detectors.csv lenet-2/detectors.csv \
        --output detection.csv detection.html
"""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.detector_scores import KIND, NATURAL, detectors_in, read_scores
from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.experiments.detection_measures import CONFIDENT, MEASURES, Scores, measure
from fooling.experiments.siblings import INTERVAL, RESAMPLES
from fooling.results.detection_words import DETECTOR_NAMES, kind_name
from fooling.results.drawing import drawing_parser, recorded
from fooling.tables.html import html_page

TEXTS = ("images", "set", "detector", "fooling_passes", "fooling_passes_low", "fooling_passes_high")
"""The last three are empty where no image has a confidence of 0.99."""
NUMBERS = (
    *("round", "networks", "count", "fooling"),
    *(f"{name}{bound}" for name in MEASURES[:3] for bound in ("", "_low", "_high")),
)
SEED = 0
"""Of the bootstrap."""


def detection_table(networks: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Measure every detector by every kind of images.

    Args:
        networks: of each the scores, as `read_scores` gives them.

    Returns:
        One row for each kind of images and detector: images, set and round (as in the scores), detector, networks (that
        have such images), count (of images), fooling (those with a confidence of 0.99 or more), and for each of
        `MEASURES` its value and the bounds of its interval, in columns with _low and _high.

    Raises:
        FoolingError: the networks have other detectors; or see `measure`.
    """
    detectors = detectors_in(networks[0])
    if any(detectors_in(scores) != detectors for scores in networks):
        raise FoolingError("The files hold the scores of different detectors; make them with the same ones.")
    groups: dict[tuple[Any, ...], list[tuple[pd.DataFrame, pd.DataFrame]]] = {}
    for scores in networks:
        for kind, unknown in scores[scores["images"] != NATURAL].groupby(KIND, sort=False):
            groups.setdefault(kind, []).append((scores[scores["images"] == NATURAL], unknown))
    rows = []
    for kind, pairs in groups.items():
        confidence = np.concatenate([unknown["confidence"] for _, unknown in pairs])
        counts = {"networks": len(pairs), "count": len(confidence), "fooling": int((confidence >= CONFIDENT).sum())}
        for detector in detectors:
            measured = measure([_scores(*pair, detector) for pair in pairs], np.random.default_rng(SEED))
            row = dict(zip(KIND, kind, strict=True)) | {"detector": detector} | counts
            for name, estimate in measured.items():
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row)
    return pd.DataFrame(rows).astype({"round": np.int64})


def _scores(natural: pd.DataFrame, unknown: pd.DataFrame, detector: str) -> Scores:
    return Scores(natural[detector].to_numpy(), unknown[detector].to_numpy(), unknown["confidence"].to_numpy())


def read_detection_table(path: Path) -> pd.DataFrame:
    """Read the table that `detection_table` makes.

    Raises:
        FoolingError: the file is no such table.
    """
    table = read_table(path, NUMBERS, TEXTS)
    detectors = sorted(table["detector"].unique())
    whole = all(sorted(rows["detector"]) == detectors for _, rows in table.groupby(KIND))
    if not whole or not set(detectors) <= set(DETECTOR_NAMES):
        raise FoolingError(f"{path} has not one row for each kind of images and detector; make it again.")
    texts = list(TEXTS[3:])
    table[texts] = table[texts].apply(pd.to_numeric, errors="coerce")
    return table


def detection_html(table: pd.DataFrame, natural: int) -> str:
    """Return the table as a small HTML page.

    Args:
        table: as `detection_table` gives it.
        natural: number of natural images, of all networks.
    """
    head = ["images", "detector", "number", "AUROC", "AUPR", "pass at 95\u2009%", "of the confident ones"]
    rows = [
        [
            kind_name(row["images"], row["set"], row["round"]),
            DETECTOR_NAMES[row["detector"]],
            f"{row['count']:,} on {row['networks']:,}",
            *(_with_interval(row, name, 3) for name in MEASURES[:2]),
            *(_with_interval(row, name, 1, 100) for name in MEASURES[2:]),
        ]
        for row in table.to_dict("records")
    ]
    note = (
        f"Against {natural:,} natural images that the networks were not trained on. Number: images, and the networks "
        "that judge them; each network counts alike. AUPR as if there were as many images as natural ones. Pass: "
        "percent of the images with a score that 95\u2009% of the natural images reach; the last column, of those in "
        f"which the network's confidence is at least {100 * CONFIDENT:g}\u2009%. In brackets "
        f"{100 * INTERVAL:g}\u2009% intervals of {RESAMPLES:,} bootstrap draws of networks and of their images."
    )
    return html_page("Would anything have caught these images?", head, rows, note)


def _with_interval(row: Mapping[Hashable, Any], name: str, decimals: int, factor: int = 1) -> str:
    value, low, high = (factor * row[key] for key in (name, f"{name}_low", f"{name}_high"))
    if np.isnan(value):
        return "\N{EN DASH}"
    return f"{value:.{decimals}f} [{low:.{decimals}f}, {high:.{decimals}f}]"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--scores", type=Path, nargs="+", required=True, help="scores of each network (.csv)")
    with recorded(parser) as arguments:
        networks = [read_scores(path) for path in arguments.scores]
        table = detection_table(networks)
        natural = sum(int((scores["images"] == NATURAL).sum()) for scores in networks)
        save_tables(arguments.output, table, detection_html(table, natural))


if __name__ == "__main__":
    run_step(main)
