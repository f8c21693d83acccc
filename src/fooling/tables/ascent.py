r"""What gradient ascent reached with each named set of hyperparameters, in numbers (paper, section 3.7).

In: fooling sets of the ascend step, of any data sets and networks. Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.ascent --fooling-sets minus_1/lite0/fooling_set.npz 169/lite0/fooling_set.npz \
        --paper-values config/paper_values.csv --output ascent.csv ascent.html
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.experiments.smoothness import high_frequency_share, total_variation
from fooling.results.ascent_scale import PAPER_SCALE
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.paper_values import Published, published, read_paper_values
from fooling.results.wording import THRESHOLD, ascent_set_name, counted, dataset_name, format_confidence
from fooling.tables.html import html_page

HIGH = 0.99


def ascent_table(fooling_sets: Collection[FoolingSet]) -> pd.DataFrame:
    """Return one row per fooling set of gradient ascent: what its last iterates are.

    Args:
        fooling_sets: one for each named set and network.

    Returns:
        set, rule (of the step's length), dataset, network, images, classes, starts, iterations (the most that an image
        took); median_confidence, mean_confidence; at_99 and at_9999, the shares in [0, 1] that reach 0.99 and 0.9999;
        iterations_to_top_1 and iterations_to_9999, medians over all images, missing where half of them never get
        there; contrast, the standard deviation within a channel, and total_variation, both in grey levels;
        high_frequency_share.

    Raises:
        FoolingError: a fooling set is not of gradient ascent, or empty.
    """
    table = pd.DataFrame([_row(fooling_set) for fooling_set in fooling_sets])
    return table.astype({"iterations_to_top_1": "Float64", "iterations_to_9999": "Float64"})


def _row(fooling_set: FoolingSet) -> dict[str, object]:
    origin = fooling_set.ascent
    final = fooling_set.final()
    if not len(final):
        raise FoolingError(f"The fooling set of {ascent_set_name(origin.set)} holds no image; make it again.")
    return {
        "set": origin.set,
        "rule": origin.rule,
        "dataset": origin.dataset,
        "network": origin.network,
        "images": len(final),
        "classes": len(np.unique(final.target)),
        "starts": len(np.unique(final.run)),
        "iterations": int(final.generation.max()) + 1,
        "median_confidence": float(np.median(final.confidence)),
        "mean_confidence": float(final.confidence.mean()),
        "at_99": float((final.confidence >= HIGH).mean()),
        "at_9999": float((final.confidence >= THRESHOLD).mean()),
        "iterations_to_top_1": _median_time(origin.milestones, "top_1"),
        "iterations_to_9999": _median_time(origin.milestones, f"above_{THRESHOLD}"),
        "contrast": float(final.images.std(axis=(2, 3)).mean()),
        "total_variation": float(total_variation(final.images).mean()),
        "high_frequency_share": float(high_frequency_share(final.images).mean()),
    }


def _median_time(milestones: Collection[Mapping[str, Any]], name: str) -> float | None:
    """Return the median iteration of a milestone, None unless more than half of the images reach it."""
    times = [np.inf if reached[name] is None else reached[name] for reached in milestones]
    median = float(np.median(times))
    return median if np.isfinite(median) else None


def ascent_html(table: pd.DataFrame, paper: Mapping[str, Published] | None = None) -> str:
    """Return the table of `ascent_table` as a small HTML page.

    Args:
        table: as `ascent_table` gives it.
        paper: what the paper reports of set 169 on ImageNet (`mean_confidence` in percent), if it is to be told.
    """
    head = [
        "",
        "images",
        "median",
        "mean",
        "at 99\u2009%",
        "at 99.99\u2009%",
        "top-1 after",
        "99.99\u2009% after",
        "contrast",
        "total variation",
        "high frequencies",
    ]
    records = table.to_dict("records")
    rows = [
        [
            f"{_set_name(row)}, {dataset_name(row['dataset'])}, {row['network']}",
            f"{row['classes']} classes \u00d7 {counted(row['starts'], 'start')}",
            format_confidence(row["median_confidence"], decimals=3),
            format_confidence(row["mean_confidence"], decimals=3),
            _count(row["at_99"], row["images"]),
            _count(row["at_9999"], row["images"]),
            _iterations(row["iterations_to_top_1"]),
            _iterations(row["iterations_to_9999"]),
            f"{row['contrast']:.2f}",
            f"{row['total_variation']:.2f}",
            f"{100 * row['high_frequency_share']:.1f}\u2009%",
        ]
        for row in records
    ]
    most = ", ".join(dict.fromkeys(str(row["iterations"]) for row in records))
    note = (
        f"The last images, after at most {most} iterations; confidences are rounded down. Iterations are medians over "
        "all images, a dash where half of them never got there. Contrast: standard deviation of a channel; total "
        "variation: mean difference of neighbouring pixels, both in grey levels of 0 to 255. High frequencies: share "
        "of the deviations' energy at wavelengths below four pixels; white noise has 80.4\u2009%."
    )
    datasets = dict.fromkeys(row["dataset"] for row in records)
    scales = [f"{PAPER_SCALE[name]}." for name in datasets if name in PAPER_SCALE]
    if paper is not None:
        scales.append(f"Its mean confidence with set 169: {paper['mean_confidence'].value}\u2009%.")
    return html_page("What gradient ascent reached", head, rows, " ".join([note, *scales]))


def _set_name(row: Mapping[Any, Any]) -> str:
    return ascent_set_name(row["set"]) + (" with steps of fixed length" if row["rule"] == "fixed_length" else "")


def _count(share: float, images: int) -> str:
    return f"{round(share * images)} of {images}"


def _iterations(median: Any) -> str:
    return "\N{EN DASH}" if pd.isna(median) else f"{median:g}"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of gradient ascent")
    parser.add_argument("--paper-values", type=Path, help="the published numbers (CSV), to tell the paper's mean")
    with recorded(parser) as arguments:
        paper = None if arguments.paper_values is None else published(read_paper_values(arguments.paper_values), ITEM)
        table = ascent_table(FoolingSetFiles(arguments.fooling_sets).values())
        save_tables(arguments.output, table, ascent_html(table, paper))


ITEM = "figure_s3"


if __name__ == "__main__":
    run_step(main)
