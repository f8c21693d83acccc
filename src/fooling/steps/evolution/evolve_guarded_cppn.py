"""Evolve images that fool a network past a detector that guards it: images drawn by CPPNs.

Like `evolve_cppn`, but the detector is asked about every child, and a child that it stops loses to all that pass; of
those that it stops, the one nearest to the threshold wins. The detector is fitted to images of the network's data set,
and 95 % of natural images pass it. In the history, an elite that does not pass has the confidence 0. The fooling set
holds those that pass alone; it may be empty. An interrupted run continues where its last checkpoint stands when the
same command is given again.

Example:
    python -m fooling.steps.evolution.evolve_guarded_cppn --network networks/lenet-1.npz --data data/mnist \\
        --detector knn --fitness log --seed 0 --output run/fooling_set.npz --history run/history.csv \\
        --elites run/elites.npz
"""

from fooling.command_line import read_settings, run_step, step_parser
from fooling.encodings.cppn import CppnEncoding
from fooling.settings.evolution import CppnSettings
from fooling.steps.evolution import guarded_run


def main() -> None:
    """Parse, fit, evolve, save."""
    parser = step_parser(main)
    guarded_run.add_arguments(parser, CppnSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, CppnSettings)
    guarded_run.run(arguments, "cppn", settings, lambda shape: CppnEncoding(shape, settings))


if __name__ == "__main__":
    run_step(main)
