"""Train one network.

In: the folder of the data set, as `fooling.steps.fetch` leaves it, and the seed of the initialisation and of the
order of the images. Out: the network with its preprocessing and test error (.npz). An interrupted training
continues where its last checkpoint stands when the same command is given again.

Example:
    python -m fooling.steps.train --data data/mnist --seed 1 --output results/default/networks/lenet-1.npz
"""

import logging
from pathlib import Path

from fooling.checkpoint import Checkpoint, checkpoint_path
from fooling.datasets import dataset_files, load_dataset
from fooling.devices import prepare_device
from fooling.networks.network_file import save_networks
from fooling.provenance import Provenance
from fooling.settings.compute import ComputeSettings
from fooling.settings.training import TrainingSettings
from fooling.steps.command_line import add_settings, provenance_path, read_settings, run_step, step_parser
from fooling.training import Training

log = logging.getLogger(__name__)


def main() -> None:
    """Parse, train, save."""
    parser = step_parser(main)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--seed", type=int, required=True, help="seed of the initialisation and the order of images")
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    add_settings(parser, TrainingSettings)
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, TrainingSettings)
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    dataset = load_dataset(settings.dataset, arguments.data)
    recorded = {**settings.model_dump(), "seed": arguments.seed, "device": device.type, "threads": compute.threads}
    provenance = Provenance("train", recorded, dataset_files(settings.dataset, arguments.data))
    fingerprint = provenance.record()
    with Checkpoint(checkpoint_path(arguments.output), fingerprint, compute.checkpoint_seconds) as checkpoint:
        trained = Training(dataset, settings, arguments.seed, device).run(checkpoint)
        save_networks(arguments.output, [trained], fingerprint)
        provenance.save(provenance_path(arguments.output))
        checkpoint.discard()
    log.info("Test error %.2f %%.", 100 * trained.training["test_error"])


if __name__ == "__main__":
    run_step(main)
