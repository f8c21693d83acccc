"""Give an ImageNet network a class of fooling images without ImageNet: a substitute for the paper's section 3.5.

In: the network DNN1; the folder of CIFAR-10, whose training images, enlarged, stand for natural ones; the fooling
images of round 1, 2, …, as `fooling.steps.training.sample_fooling_class` draws them. Out: a network with one class
more (.npz): DNN1 with frozen weights and one further output, fitted by logistic regression on the last layer's inputs.

Example:
    python -m fooling.steps.training.retrain_head --network networks/lite0.npz --data data/cifar10 --seed 2000 \\
        --fooling-classes round-1/fooling_class.npz --output round-2/lite0-dnn2.npz
"""

from pathlib import Path

import numpy as np

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.networks.network_file import load_network, save_networks
from fooling.settings.compute import ComputeSettings
from fooling.settings.head_training import HeadTrainingSettings
from fooling.training.fooling_class import load_fooling_class
from fooling.training.head import with_fitted_class
from fooling.training.natural_images import draw_natural_images


def main() -> None:
    """Parse, fit, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the network DNN1 (.npz)")
    parser.add_argument("--data", type=Path, required=True, help="folder of CIFAR-10")
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="fooling images, by round")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw of natural images")
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    add_settings(parser, HeadTrainingSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, HeadTrainingSettings)
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    base = load_network(arguments.network)
    if base.dataset != "imagenet":
        raise FoolingError(
            f"{arguments.network} is a network of {base.dataset}; train it anew with fooling.steps.training.retrain."
        )
    fooling = load_fooling_class(arguments.fooling_classes, base.dataset, base.real_classes, base.image_shape)
    generator = np.random.default_rng(arguments.seed)
    natural, natural_files = draw_natural_images(arguments.data, settings.natural_images, generator)
    recorded = {**settings.model_dump(), "seed": arguments.seed, "device": device.type, "threads": compute.threads}
    provenance = Provenance("retrain_head", recorded, [arguments.network, *arguments.fooling_classes, *natural_files])
    rounds = len(arguments.fooling_classes)
    trained = with_fitted_class(
        base, fooling, natural, settings, fooling_rounds=rounds, seed=arguments.seed, device=device
    )
    save_networks(arguments.output, [trained], provenance.record())
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
