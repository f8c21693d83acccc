"""Train a network anew, with fooling images as one more class (paper, section 3.5).

In: the folder of the data set and the fooling images of round 1, 2, …, in this order, as
`fooling.steps.training.sample_fooling_class` draws them. Out: a network with one class more than the data set (.npz),
trained from a fresh initialisation like any other: see `fooling.steps.training.train`.

Example:
    python -m fooling.steps.training.retrain --data data/mnist --fooling-classes round-1/fooling_class.npz \\
        --seed 1001 \\
        --output round-2/lenet-1-dnn2.npz
"""

from pathlib import Path

from fooling.artifacts.fooling_set import load_fooling_set
from fooling.command_line import run_step, step_parser
from fooling.data.datasets import Dataset
from fooling.settings.training import TrainingSettings
from fooling.steps.training import training_run
from fooling.training.fooling_class import with_fooling_class


def main() -> None:
    """Parse, join, train, save."""
    parser = step_parser(main)
    training_run.add_arguments(parser)
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="fooling images, by round")
    arguments = parser.parse_args()

    def load(settings: TrainingSettings) -> tuple[Dataset, list[Path]]:
        rounds = [load_fooling_set(path) for path in arguments.fooling_classes]
        dataset, files = training_run.load_data(settings, arguments.data)
        return with_fooling_class(dataset, settings.dataset, rounds), [*files, *arguments.fooling_classes]

    training_run.run(arguments, "retrain", load)


if __name__ == "__main__":
    run_step(main)
