"""Give an ImageNet network a class of fooling images without ImageNet: a substitute for the paper's section 3.5.

In: the network DNN1; the folder of CIFAR-10, whose training images, enlarged, stand for natural ones; the fooling
images of round 1, 2, …, as `fooling.steps.training.sample_fooling_class` draws them. Out: a network with one class
more (.npz): DNN1 with its weights frozen and one further output, fitted by logistic regression on the inputs of the
last layer.

Example:
    python -m fooling.steps.training.retrain_head --network networks/lite0.npz --data data/cifar10 --seed 2000 \\
        --fooling-classes round-1/fooling_class.npz --output round-2/lite0-dnn2.npz
"""

import logging
from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import load_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.datasets import dataset_files, load_dataset
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.networks.network_file import load_network, save_networks
from fooling.settings.compute import ComputeSettings
from fooling.settings.head_training import HeadTrainingSettings
from fooling.training.fooling_class import fooling_class
from fooling.training.head import with_fitted_class

NATURAL = "cifar10"
log = logging.getLogger(__name__)


def main() -> None:
    """Parse, fit, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the network DNN1 (.npz)")
    parser.add_argument("--data", type=Path, required=True, help="folder of CIFAR-10")
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="fooling images, by round")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw of natural images")
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    for model in (HeadTrainingSettings, ComputeSettings):
        add_settings(parser, model)
    arguments = parser.parse_args()
    settings = read_settings(arguments, HeadTrainingSettings)
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    base = load_network(arguments.network)
    if base.dataset != "imagenet":
        raise FoolingError(
            f"{arguments.network} is a network of {base.dataset}; train it anew with fooling.steps.training.retrain."
        )
    rounds = [load_fooling_set(path) for path in arguments.fooling_classes]
    fooling = fooling_class(rounds, base.dataset, base.real_classes, base.image_shape)
    natural = load_dataset(NATURAL, arguments.data).train_images
    if settings.natural_images > len(natural):
        raise FoolingError(f"{arguments.data} has {len(natural)} training images; lower natural_images.")
    rows = np.random.default_rng(arguments.seed).choice(len(natural), settings.natural_images, replace=False)
    recorded = {**settings.model_dump(), "seed": arguments.seed, "device": device.type, "threads": compute.threads}
    files = [arguments.network, *arguments.fooling_classes, *dataset_files(NATURAL, arguments.data)]
    provenance = Provenance("retrain_head", recorded, files)
    trained = with_fitted_class(
        base,
        fooling,
        natural[np.sort(rows)],
        settings,
        fooling_rounds=len(rounds),
        seed=arguments.seed,
        device=device,
    )
    save_networks(arguments.output, [trained], provenance.record())
    provenance.save(provenance_path(arguments.output))
    log.info("Fitted to %s fooling and %s natural images.", f"{len(fooling):,}", f"{len(rows):,}")


if __name__ == "__main__":
    run_step(main)
