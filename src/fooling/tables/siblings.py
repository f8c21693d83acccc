r"""How much more alike champions of sibling classes are within a run than between runs, as a table (Figure 9).

In: features of the final images of two or more runs of one encoding against one network (of the step embed).
Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.siblings --features features/imagenet.npz --output siblings.csv siblings.html
"""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.features import Features, load_features
from fooling.artifacts.table import read_table, save_tables
from fooling.command_line import run_step
from fooling.data.imagenet.classes import imagenet_classes
from fooling.errors import FoolingError
from fooling.experiments.siblings import INTERVAL, RESAMPLES, SMALL, families, sibling_likeness
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.evolution_scale import evolution_scale
from fooling.tables.html import html_page

NUMBERS = (
    "pairs",
    "same_image",
    "within",
    "between",
    "difference",
    "difference_low",
    "difference_high",
    "excess",
    "excess_low",
    "excess_high",
)
TEXTS = ("siblings", "images", "method", "source_network", "network")
_NAMES = {"yes": "siblings", "no": "other pairs"}
SEED = 0
"""Of the bootstrap."""


def sibling_table(features: Features) -> pd.DataFrame:
    """Return the likeness of siblings and of other pairs of classes, with and without pairs that are one image.

    Args:
        features: of the runs of one encoding against one network, on another network.

    Returns:
        One row for each: siblings (yes, no), images (all, different), method, source_network, network (which
        judges likeness), runs, and the numbers of `Likeness`, the bounds of an interval in columns with _low and _high.

    Raises:
        FoolingError: the images are not ImageNet's, are of several encodings or networks, or a run lacks a class;
            or see `sibling_likeness`.
    """
    directions, image = _by_run(features)
    family = families([kind.hypernyms for kind in imagenet_classes()])
    rows = []
    for different in (False, True):
        generator = np.random.default_rng(SEED)
        both = sibling_likeness(directions, image, family, generator, different_images=different)
        for siblings, likeness in zip(("yes", "no"), both, strict=True):
            row: dict[str, object] = {
                "siblings": siblings,
                "images": "different" if different else "all",
                "method": features.origins[0].method,
                "source_network": features.origins[0].network,
                "network": features.network,
                "runs": len(image),
            }
            for name in ("pairs", "same_image", "within", "between"):
                row[name] = getattr(likeness, name)
            for name in ("difference", "excess"):
                estimate = getattr(likeness, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row)
    return pd.DataFrame(rows)


def _by_run(features: Features) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions, (runs, classes, D), and the images' numbers, (runs, classes), by class."""
    kinds = {(origin.method, origin.network, origin.dataset) for origin in features.origins}
    if len(kinds) > 1 or next(iter(kinds))[2] != "imagenet":
        raise FoolingError("Siblings are compared in runs of one encoding against one network on ImageNet; give those.")
    keys = np.stack([features.fooling_set, features.run])
    runs = np.unique(keys, axis=1).T
    classes = len(imagenet_classes())
    order = np.lexsort((features.target, features.run, features.fooling_set))
    if not np.array_equal(features.target[order], np.tile(np.arange(classes), len(runs))):
        raise FoolingError(f"A run has not one final image of each of the {classes:,} classes; give whole runs.")
    directions = features.directions[order].reshape(len(runs), classes, -1)
    return directions, features.image[order].reshape(len(runs), classes)


def read_sibling_table(path: Path) -> pd.DataFrame:
    """Read the table that `sibling_table` makes.

    Raises:
        FoolingError: the file is no such table.
    """
    return read_table(path, (*NUMBERS, "runs"), TEXTS)


def sibling_html(table: pd.DataFrame, features: Features) -> str:
    """Return the table as a small HTML page."""
    head = [
        "pairs of classes",
        "number",
        "one image for both",
        "alike within a run",
        "between runs",
        "difference",
        "beyond other pairs",
    ]
    rows = [
        [
            f"{_NAMES[row['siblings']]}, {'all' if row['images'] == 'all' else 'different images only'}",
            f"{row['pairs']:,}",
            f"{100 * row['same_image']:.2f}\u2009%" if row["images"] == "all" else "0 (left out)",
            f"{row['within']:.3f}",
            f"{row['between']:.3f}",
            with_interval(row, "difference"),
            with_interval(row, "excess") if row["siblings"] == "yes" else "\N{EN DASH}",
        ]
        for row in table.to_dict("records")
    ]
    note = (
        f"{evolution_scale(features.origins)}. Cosine similarity of the champions' features on {features.network}. "
        f"Siblings share their closest hypernym by WordNet, or one with no more than {SMALL} of the classes. "
        f"In brackets {100 * INTERVAL:g}\u2009% intervals of {RESAMPLES:,} bootstrap draws of families of siblings, "
        "for these runs."
    )
    return html_page("Are champions of sibling classes alike?", head, rows, note)


def with_interval(row: Mapping[Hashable, Any], name: str) -> str:
    """Return a difference with its sign and its interval."""
    value, low, high = (
        f"{row[key]:+.3f}".replace("-", "\N{MINUS SIGN}") for key in (name, f"{name}_low", f"{name}_high")
    )
    return f"{value} [{low}, {high}]"


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--features", type=Path, required=True, help="features on another network (.npz)")
    with recorded(parser) as arguments:
        features = load_features(arguments.features)
        table = sibling_table(features)
        save_tables(arguments.output, table, sibling_html(table, features))


if __name__ == "__main__":
    run_step(main)
