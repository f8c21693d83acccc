"""Train one network.

In: the folder of the data set, as `fooling.steps.data.fetch` leaves it, and the seed of the initialisation and of the
order of the images. Out: the network with its preprocessing and test error (.npz). An interrupted training
continues where its last checkpoint stands when the same command is given again.

Example:
    python -m fooling.steps.training.train --data data/mnist --seed 1 --output results/default/networks/lenet-1.npz
"""

from pathlib import Path

from fooling.command_line import run_step, step_parser
from fooling.data.datasets import Dataset
from fooling.settings.training import TrainingSettings
from fooling.steps.training import training_run


def main() -> None:
    """Parse, train, save."""
    parser = step_parser(main)
    training_run.add_arguments(parser)
    arguments = parser.parse_args()

    def load(settings: TrainingSettings) -> tuple[Dataset, list[Path]]:
        return training_run.load_data(settings, arguments.data)

    training_run.run(arguments, "train", load)


if __name__ == "__main__":
    run_step(main)
