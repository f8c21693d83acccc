r"""Draw the idea: a photograph that a network recognises, an image that fools it, and how that is evolved (Figure 2).

In: the scores of natural images, and the fooling set and the archive of a run of evolution against one of the networks
that scored them. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_idea --natural natural/imagenet.csv --fooling-set cppn/lite0/seed-0/fooling_set.npz \
        --archive cppn/lite0/seed-0/archive.npz --network-name EfficientNet-Lite0 --output figure_2.png figure_2.svg
"""

from pathlib import Path

import pandas as pd

from fooling.class_names import class_name
from fooling.errors import FoolingError
from fooling.figures.idea import NATURAL_NUMBERS, NATURAL_TEXTS, Labelled, choose_natural, draw_idea
from fooling.figures.result_table import read_table
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.imagenet_classes import imagenet_classes
from fooling.lineage import load_lineage
from fooling.photographs import photographs, read_image
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--natural", type=Path, required=True, help="scores of natural images (CSV)")
    parser.add_argument("--imagenet-root", type=Path, help="folder of ILSVRC-2012, if it was scored")
    parser.add_argument("--fooling-set", type=Path, required=True, help="fooling set of a run of evolution (.npz)")
    parser.add_argument("--archive", type=Path, required=True, help="archive of the same run (.npz)")
    parser.add_argument("--network-name", help="how to call the network [default: as its file]")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    lineage = load_lineage(arguments.archive)
    network = lineage.origin["network"]
    row = choose_natural(read_table(arguments.natural, NATURAL_NUMBERS, NATURAL_TEXTS), network)
    image = read_image(_path(row, arguments.imagenet_root))
    natural = Labelled(image, class_name("imagenet", int(row["label"])), float(row["top_confidence"]))
    fooling_set = load_fooling_set(arguments.fooling_set)
    save_figure(draw_idea(natural, fooling_set, lineage, arguments.network_name or network), arguments.output)
    record.save(provenance_path(arguments.output[0]))


def _path(row: pd.Series, imagenet_root: Path | None) -> Path:
    """Return the file of a scored natural image.

    Raises:
        FoolingError: it is one of ILSVRC-2012, whose folder is not given, or none of the photographs.
    """
    if row["source"] != "photographs":
        if imagenet_root is None:
            raise FoolingError("The scores are of ILSVRC-2012's images; name their folder by --imagenet-root.")
        return imagenet_root / "val" / imagenet_classes()[int(row["label"])].wordnet_id / row["image"]
    for path, _ in photographs():
        if path.name == row["image"]:
            return path
    raise FoolingError(f"There is no photograph {row['image']} in the foolbox package; score the photographs again.")


if __name__ == "__main__":
    run_step(main)
