"""Evolve fooling images for every class of a network: directly encoded images, one gene per pixel value.

One run of MAP-Elites (paper, section 2.2). Writes the elites of the last generation and of the snapshots as
a fooling set, the history of the run as a table, and the elites' genomes with their lineage. An interrupted
run continues where its last checkpoint stands when the same command is given again.

Several seeds run together, which a GPU does faster; write {seed} where the paths shall hold the seed.

Example:
    python -m fooling.steps.evolution.evolve_direct --network results/default/networks/lenet-1.npz --seed 0 \\
        --output run/fooling_set.npz --history run/history.csv --elites run/elites.npz --generations 50
"""

from fooling.command_line import read_settings, run_step, step_parser
from fooling.encodings.direct import DirectEncoding
from fooling.settings.evolution import DirectSettings
from fooling.steps.evolution import evolution_run


def main() -> None:
    """Parse, evolve, save."""
    parser = step_parser(main)
    evolution_run.add_arguments(parser, DirectSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, DirectSettings)
    evolution_run.run(arguments, "direct", settings, lambda shape: DirectEncoding(shape, settings))


if __name__ == "__main__":
    run_step(main)
