r"""Train a network anew that is to be unsure of noise, wherever it is moved nearby (ACET).

In: the folder of the data set; no fooling images. Out: a network with the classes of the data set (.npz), trained
from a fresh initialisation, with images of noise beside each batch of training images.

Example:
    python -m fooling.steps.training.retrain_acet --data data/mnist --seed 2001 --output round-2/lenet-1-dnn2.npz
"""

import torch

from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.datasets import Dataset
from fooling.settings.cures import AcetSettings
from fooling.settings.training import TrainingSettings
from fooling.steps.training import cured_run, training_run
from fooling.training.acet import Acet
from fooling.training.cured import Cure


def main() -> None:
    """Parse, train, save."""
    parser = step_parser(main)
    training_run.add_arguments(parser)
    add_settings(parser, AcetSettings)
    arguments = parser.parse_args()
    cured_by = read_settings(arguments, AcetSettings)

    def make_cure(_settings: TrainingSettings, _dataset: Dataset, _device: torch.device) -> Cure:
        return Acet(cured_by)

    cured_run.run(arguments, "acet", cured_by, make_cure, number=2)


if __name__ == "__main__":
    run_step(main)
