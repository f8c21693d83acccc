"""Evolve the CPPN images of one round of retraining: many runs against one network.

A fooling class, with which the network may have been trained, is not aimed at. Writes one fooling set with
the elites of generation 0 and of the last one of every run, and one table with the generations of all runs. An
interrupted round continues where its last checkpoints stand when the same command is given again.

Example:
    python -m fooling.steps.evolution.evolve_round --network results/default/networks/lenet-1.npz --runs 30 \\
        --first-seed 10000 --output round-1/fooling_set.npz --history round-1/history.csv --generations 50
"""

from pathlib import Path

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.fooling_set import save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_table
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.encodings.cppn import CppnEncoding
from fooling.evolution.history import table_of_runs
from fooling.evolution.outcome import images_of_runs, origin_of
from fooling.evolution.together import evolved
from fooling.networks.classifier import classifier_of
from fooling.networks.cure_record import round_of
from fooling.networks.network_file import load_network
from fooling.settings.compute import CheckpointSettings
from fooling.settings.retraining import RoundEvolution
from fooling.steps.evolution.evolution_run import prepare, recorded_settings
from fooling.steps.evolution.seeds import consecutive_seeds


def main() -> None:
    """Parse, evolve, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--runs", type=int, required=True, help="number of runs")
    parser.add_argument("--first-seed", type=int, required=True, help="seed of the first run; the others follow")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    add_settings(parser, RoundEvolution, CheckpointSettings)
    arguments = parser.parse_args()
    seeds = consecutive_seeds(arguments.first_seed, arguments.runs)
    settings = read_settings(arguments, RoundEvolution)
    compute = read_settings(arguments, CheckpointSettings)
    where = prepare(compute)
    trained = load_network(arguments.network)
    recorded = {**recorded_settings(settings, compute, where["device"]), "seeds": list(seeds)}
    provenance = Provenance("evolve_round", recorded, [arguments.network])
    paths = [checkpoint_path(arguments.output.with_name(f"run-{seed}")) for seed in seeds]
    checkpoints = [Checkpoint(path, provenance.record(), compute.checkpoint_seconds) for path in paths]
    encoding = CppnEncoding(trained.image_shape, settings)
    origin = origin_of("cppn", arguments.network.stem, trained, settings)
    origin = origin.model_copy(
        update={"round": round_of(trained)}
    )  # a cured network has no fooling class that tells it
    with evolved([trained], "cppn", encoding, settings, seeds=seeds, checkpoints=checkpoints, **where) as runs:
        images = images_of_runs(runs, classifier_of([trained], **where), seeds, origin, provenance.record())
        save_table(arguments.history, table_of_runs(seeds, [run.history for run in runs]))
        save_fooling_set(arguments.output, images)
        provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
