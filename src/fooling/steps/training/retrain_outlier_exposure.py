r"""Train a network anew that is to be equally unsure of all classes on fooling images (outlier exposure).

In: the folder of the data set and the fooling images of round 1, 2, …, in this order, as
`fooling.steps.training.sample_fooling_class` draws them. Out: a network with the classes of the data set (.npz),
trained from a fresh initialisation, with a batch of fooling images beside each batch of training images.

Example:
    python -m fooling.steps.training.retrain_outlier_exposure --data data/mnist \
        --fooling-classes round-1/fooling_class.npz --seed 1001 --output round-2/lenet-1-dnn2.npz
"""

from pathlib import Path

import torch

from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.datasets import Dataset
from fooling.settings.cures import OutlierExposureSettings
from fooling.settings.training import TrainingSettings
from fooling.steps.training import cured_run, training_run
from fooling.training.cured import Cure
from fooling.training.fooling_class import load_fooling_class
from fooling.training.outlier_exposure import OutlierExposure


def main() -> None:
    """Parse, read the fooling images, train, save."""
    parser = step_parser(main)
    training_run.add_arguments(parser)
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="fooling images, by round")
    add_settings(parser, OutlierExposureSettings)
    arguments = parser.parse_args()
    cured_by = read_settings(arguments, OutlierExposureSettings)
    paths = arguments.fooling_classes

    def make_cure(settings: TrainingSettings, dataset: Dataset, device: torch.device) -> Cure:
        outliers = load_fooling_class(paths, settings.dataset, dataset.classes, dataset.image_shape)
        return OutlierExposure(torch.from_numpy(outliers).to(device), cured_by, augment=settings.augment)

    cured_run.run(arguments, "outlier_exposure", cured_by, make_cure, number=len(paths) + 1, further=paths)


if __name__ == "__main__":
    run_step(main)
