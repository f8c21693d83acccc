r"""Climb the gradient of a class's confidence from noise around the mean image.

One named set of hyperparameters (paper, section 3.7), for all classes and start seeds at once. Writes a fooling
set: for each class and seed the first image that its class wins, the first ones above 0.99, 0.999 and 0.9999, and
the last one. Which image is which stands in the set's origin, under `milestones`. An interrupted run continues
where its last checkpoint stands when the same command is given again.

Example:
    python -m fooling.steps.ascent.ascend --network results/default/networks/lenet-1.npz --data data/mnist \
        --set-name 169 --seeds "[0, 1]" --classes "[0, 1, 2]" --output ascent/fooling_set.npz --decay 0.01 \
        --iterations 1500
"""

from pathlib import Path

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.fooling_set import save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.ascent.gradient_ascent import ascend
from fooling.ascent.mean_image import mean_image_for
from fooling.ascent.outcome import images_of, origin_of
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_networks
from fooling.settings.ascent import AscentImages, AscentSettings
from fooling.settings.compute import CheckpointSettings


def main() -> None:
    """Parse, climb, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--data", type=Path, help="folder of the data set, for its mean image [the network's own mean]")
    parser.add_argument("--set-name", required=True, help="name of this set of hyperparameters")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    add_settings(parser, AscentImages, AscentSettings, CheckpointSettings)
    arguments = parser.parse_args()
    wanted = read_settings(arguments, AscentImages)
    settings = read_settings(arguments, AscentSettings)
    compute = read_settings(arguments, CheckpointSettings)

    device = prepare_device(compute)
    networks = load_networks(arguments.network)
    mean_image, data_files = mean_image_for(networks[0], arguments.data)
    recorded = {**settings.model_dump(), **wanted.model_dump(), "set": arguments.set_name}
    recorded |= {"device": device.type, "threads": compute.threads}
    provenance = Provenance("ascend", recorded, [arguments.network, *data_files])
    with Checkpoint(checkpoint_path(arguments.output), provenance.record(), compute.checkpoint_seconds) as checkpoint:
        classifier = classifier_of(networks, device)
        result = ascend(classifier, mean_image, settings, wanted.classes, wanted.seeds, checkpoint=checkpoint)
        name, set_name = arguments.network.stem, arguments.set_name
        origin = origin_of(result, name, networks[0], set_name=set_name, settings=settings, mean=mean_image)
        save_fooling_set(arguments.output, images_of(result, origin, provenance.record()))
        provenance.save(provenance_path(arguments.output))
        checkpoint.discard()


if __name__ == "__main__":
    run_step(main)
