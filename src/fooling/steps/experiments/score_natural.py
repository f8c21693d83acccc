r"""Score natural images, to set their confidence beside that of fooling images.

In: networks, and ILSVRC-2012's validation images (ROOT/val/n01440764/NAME.JPEG, as torchvision's ImageNet has them), or
a folder of photographs named by WordNet id (n01440764.JPEG, or a folder of that name for each class); without either,
the twenty labelled photographs of the foolbox package. Out: a table with one row per network and image: the confidence
in its label, and the class that the network finds most likely (CSV).

    python -m fooling.steps.experiments.score_natural --network networks/lite0.npz --output natural/imagenet.csv
    python -m fooling.steps.experiments.score_natural --network networks/lite0.npz networks/lite1.npz \
        --imagenet-root imagenet \
        --output natural/imagenet.csv
"""

from pathlib import Path

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.imagenet.natural import natural_images
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.experiments.natural_images import score_natural
from fooling.networks.classifier import load_classifier
from fooling.progress import Progress
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, score, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, nargs="+", required=True, help="networks to score them on")
    parser.add_argument("--imagenet-root", type=Path, help="folder of ILSVRC-2012 [default: twenty photographs]")
    parser.add_argument("--photographs", type=Path, help="folder of photographs named by WordNet id, instead of that")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write (CSV)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    if len({path.stem for path in arguments.network}) < len(arguments.network):
        raise FoolingError("--network: two of the files share a name; give each once.")

    source, images = natural_images(arguments.imagenet_root, arguments.photographs)
    device = prepare_device(compute)
    recorded = {"source": source, "images": len(images), "device": device.type, "threads": compute.threads}
    provenance = Provenance("score_natural", recorded, arguments.network)
    classifiers = {path.stem: load_classifier(path, device) for path in arguments.network}
    with Progress("Scoring natural images", len(images), "image") as progress:
        scores = score_natural(images, classifiers, source, lambda done: progress.update(done, done, lambda: source))
    save_with(arguments.output, lambda path: scores.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
