r"""The images of Figure 8 as a table: forty fooling images unlike each other, and the confidence of each.

In: fooling sets of runs of one encoding against one network, and the features of these on another network (of the step
embed, which got the sets in the same order). Out: the table as CSV or HTML, by suffix.

    python -m fooling.tables.diverse_images --features features/imagenet.npz --fooling-sets \
        cppn/lite0/seed-0/fooling_set.npz cppn/lite0/seed-1/fooling_set.npz \
        --output diverse_images.csv diverse_images.html
"""

from pathlib import Path

import pandas as pd

from fooling.artifacts.features import Features, load_features
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import save_tables
from fooling.command_line import run_step
from fooling.data.class_names import class_name
from fooling.results.diverse_images import Choice, choose_diverse, confidence_of
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import format_confidence
from fooling.tables.html import html_page


def diverse_table(features: Features, choice: Choice) -> pd.DataFrame:
    """Return the chosen images, a row for each in the order of choice: network, run, target, class_name, confidence."""
    origins = [features.origins[number] for number in features.fooling_set[choice.rows]]
    targets = features.target[choice.rows].tolist()
    names = [class_name(origin.dataset, target, origin.labels) for origin, target in zip(origins, targets, strict=True)]
    return pd.DataFrame(
        {
            "network": [origin.network for origin in origins],
            "run": features.run[choice.rows],
            "target": targets,
            "class_name": names,
            "confidence": choice.confidence,
        }
    )


def diverse_html(table: pd.DataFrame) -> str:
    """Return the table of `diverse_table` as a small HTML page."""
    rows = [
        [
            row["class_name"],
            str(row["target"]),
            row["network"],
            str(row["run"]),
            format_confidence(row["confidence"], 4),
        ]
        for row in table.to_dict("records")
    ]
    note = "In the order of choice: the most confident image, then always the one most unlike those before it."
    return html_page("The images of Figure 8", ["class", "number", "network", "run", "confidence"], rows, note)


def main() -> None:
    """Parse the command line, tabulate, save."""
    parser = drawing_parser(main)
    parser.add_argument("--features", type=Path, required=True, help="features on another network (.npz)")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="as in the step embed")
    with recorded(parser) as arguments:
        features = load_features(arguments.features)
        fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
        table = diverse_table(features, choose_diverse(features, confidence_of(features, fooling_sets)))
        save_tables(arguments.output, table, diverse_html(table))


if __name__ == "__main__":
    run_step(main)
