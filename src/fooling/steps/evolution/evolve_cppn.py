"""Evolve fooling images for every class of a network: images drawn by compositional pattern-producing networks (CPPNs).

One run of MAP-Elites (paper, section 2.2). Writes the elites of the last generation and of the snapshots as
a fooling set, the history of the run as a table, and the elites' genomes with their lineage. An interrupted
run continues where its last checkpoint stands when the same command is given again.

Several seeds run together, which a GPU does faster; write {seed} where the paths shall hold the seed.

Example:
    python -m fooling.steps.evolution.evolve_cppn --network results/default/networks/lenet-1.npz --seed 0 \\
        --output run/fooling_set.npz --history run/history.csv --elites run/elites.npz --generations 50
"""

from fooling.command_line import read_settings, run_step, step_parser
from fooling.encodings.cppn import CppnEncoding
from fooling.settings.evolution import CppnSettings
from fooling.steps.evolution import evolution_run


def main() -> None:
    """Parse, evolve, save."""
    parser = step_parser(main)
    evolution_run.add_arguments(parser, CppnSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, CppnSettings)
    evolution_run.run(arguments, "cppn", settings, lambda shape: CppnEncoding(shape, settings))


if __name__ == "__main__":
    run_step(main)
