"""Evolve the CPPN images of one round of retraining: many runs against one network.

A fooling class, with which the network may have been trained, is not aimed at. Writes one fooling set with
the elites of generation 0 and of the last one of every run, and one table with the generations of all runs. An
interrupted round continues where its last checkpoints stand when the same command is given again.

Example:
    python -m fooling.steps.evolution.evolve_round --network results/default/networks/lenet-1.npz --runs 30 \\
        --first-seed 10000 \\
        --output round-1/fooling_set.npz --history round-1/history.csv --generations 50
"""

from pathlib import Path

import numpy as np

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.fooling_set import join, save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_table
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.encodings.cppn import CppnEncoding
from fooling.errors import FoolingError
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_network
from fooling.settings.compute import CheckpointSettings
from fooling.settings.retraining import RoundEvolution
from fooling.steps.evolution.evolution_files import images_of
from fooling.steps.evolution.evolution_run import evolved, origin_of


def main() -> None:
    """Parse, evolve, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--runs", type=int, required=True, help="number of runs")
    parser.add_argument("--first-seed", type=int, required=True, help="seed of the first run; the others follow")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    for model in (RoundEvolution, CheckpointSettings):
        add_settings(parser, model)
    arguments = parser.parse_args()
    if arguments.runs < 1:
        raise FoolingError(f"There must be a run, not {arguments.runs}; raise --runs.")
    settings = read_settings(arguments, RoundEvolution)
    compute = read_settings(arguments, CheckpointSettings)

    device = prepare_device(compute)
    trained = load_network(arguments.network)
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.runs)
    recorded = {**settings.model_dump(), "seeds": list(seeds), "device": device.type, "threads": compute.threads}
    provenance = Provenance("evolve_round", recorded, [arguments.network])
    record = provenance.record()
    checkpoints = [
        Checkpoint(checkpoint_path(arguments.output.with_name(f"run-{seed}")), record, compute.checkpoint_seconds)
        for seed in seeds
    ]
    encoding = CppnEncoding(trained.image_shape, settings)
    with evolved([trained], "cppn", encoding, settings, seeds=seeds, device=device, checkpoints=checkpoints) as runs:
        reporter = classifier_of([trained], device)
        origin = origin_of("cppn", arguments.network, trained, settings)
        sets = [images_of(run, reporter, seed, origin, record) for seed, run in zip(seeds, runs, strict=True)]
        histories = [run.history.table() for run in runs]
        columns = {name: np.concatenate([table[name] for table in histories]) for name in histories[0]}
        numbers = {"run": np.repeat(seeds, [len(table["generation"]) for table in histories])}
        save_table(arguments.history, numbers | columns)
        save_fooling_set(arguments.output, join(sets))
        provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
