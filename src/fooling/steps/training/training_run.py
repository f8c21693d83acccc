"""What `train` and `retrain` share: everything but the images."""

import argparse
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings
from fooling.data.datasets import Dataset, dataset_files, first_classes, first_images, load_dataset
from fooling.devices import prepare_device
from fooling.networks.network_file import save_networks
from fooling.settings.compute import CheckpointSettings
from fooling.settings.training import TrainingSettings
from fooling.training.small_networks import Training

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of a training step."""
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--seed", type=int, required=True, help="seed of the initialisation and the order of images")
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    add_settings(parser, TrainingSettings, CheckpointSettings)


def load_data(settings: TrainingSettings, folder: Path) -> tuple[Dataset, list[Path]]:
    """Return the real images that a network learns from and is tested on, and the files that they were read from."""
    dataset = first_classes(load_dataset(settings.dataset, folder), settings.classes)
    return first_images(dataset, settings.images_per_class), dataset_files(settings.dataset, folder)


def run(
    arguments: argparse.Namespace, step: str, load: Callable[[TrainingSettings], tuple[Dataset, Sequence[Path]]]
) -> None:
    """Train on the data set that `load` returns, with the files that it was read from, and save the network."""
    settings = read_settings(arguments, TrainingSettings)
    compute = read_settings(arguments, CheckpointSettings)
    device = prepare_device(compute)
    dataset, inputs = load(settings)
    recorded = {**settings.model_dump(), "seed": arguments.seed, "device": device.type, "threads": compute.threads}
    provenance = Provenance(step, recorded, inputs)
    fingerprint = provenance.record()
    with Checkpoint(checkpoint_path(arguments.output), fingerprint, compute.checkpoint_seconds) as checkpoint:
        trained = Training(dataset, settings, arguments.seed, device).run(checkpoint)
        save_networks(arguments.output, [trained], fingerprint)
        provenance.save(provenance_path(arguments.output))
        checkpoint.discard()
    log.info("Test error %.2f %%.", 100 * trained.training["test_error"])
