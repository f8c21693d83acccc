"""Draw shipped images again from their genomes, and tell whether they are the same, byte for byte.

In: a folder of shipped results, such as docs/results/imagenet. Given the network that a run was evolved against, the
images are also scored again, and the largest difference of a confidence is told; on another network, what it makes of
them. Ends with 1 if an image differs.

    python -m fooling.steps.evolution.check_shipped --folder docs/results/imagenet
    python -m fooling.steps.evolution.check_shipped --folder docs/results/imagenet --network networks/squeezenet.npz
"""

import sys
from pathlib import Path

import numpy as np

from fooling.artifacts.origin import EvolutionOrigin
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.evolution.recorded import load_recorded
from fooling.networks.classifier import Classifier, load_classifier, score_distinct
from fooling.release.ship import image_digest, shipped_runs
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, draw, compare, say what differs."""
    parser = step_parser(main)
    parser.add_argument("--folder", type=Path, required=True, help="of shipped results")
    parser.add_argument("--network", type=Path, help="a network that scores the images (.npz) [default: none]")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    device = prepare_device(read_settings(arguments, ComputeSettings))
    classifier = arguments.network and load_classifier(arguments.network, device)
    differing = 0
    for name, run in shipped_runs(arguments.folder).items():
        recorded = load_recorded(run.elites)
        if classifier is not None:
            check_takes(classifier, recorded.lineage.origin, run.image_shape, arguments.network.stem)
        target, images = recorded.draw(run.image_shape)
        if not np.array_equal(target, run.target):
            raise FoolingError(f"{run.elites} and its table of images name other classes; copy both again.")
        same = np.array([image_digest(image) for image in images]) == run.digests
        said = f"{name}: {same.sum()} of {len(same)} images are the same"
        if classifier is not None:
            scores = np.exp(score_distinct(classifier, images)[np.arange(len(target)), target].astype(np.float64))
            apart = np.abs(scores - np.exp(run.log_confidence)).max()
            said += f"; median confidence {np.median(scores):.6f}, at most {apart:.2g} from what was shipped"
        print(said, flush=True)
        differing += int((~same).sum())
    sys.exit(int(differing > 0))


def check_takes(
    classifier: Classifier, origin: EvolutionOrigin, image_shape: tuple[int, int, int], network: str
) -> None:
    """Check that a network takes images of a shape (C, H, W), and has the classes that they aim at.

    Raises:
        FoolingError: it does not.
    """
    fits = classifier.image_shape[0] == image_shape[0] if classifier.any_size else classifier.image_shape == image_shape
    if not fits or classifier.classes < origin.classes:
        raise FoolingError(
            f"The images are of the shape {image_shape} and aim at {origin.classes} classes; {network} takes "
            f"{tuple(classifier.image_shape)} and has {classifier.classes}. Give a network like {origin.network}."
        )


if __name__ == "__main__":
    run_step(main)
