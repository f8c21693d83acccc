"""What `evolve_direct` and `evolve_cppn` share: everything but the encoding."""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings
from fooling.devices import prepare_device, seeded_generator
from fooling.encodings.population import Encoding
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import evolve
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import TrainedNetwork, load_networks
from fooling.settings.compute import CheckpointSettings
from fooling.settings.evolution import EvolutionSettings
from fooling.steps.evolution.evolution_files import run_files, save_run

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def add_arguments(parser: argparse.ArgumentParser, settings: type[EvolutionSettings]) -> None:
    """Add the flags of an evolution step."""
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--seed", type=int, nargs="+", required=True, help="seed of the run; several run together")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    parser.add_argument("--archive", type=Path, required=True, help="the elites' genomes and lineage to write (.npz)")
    add_settings(parser, settings)
    add_settings(parser, CheckpointSettings)


def run(
    arguments: argparse.Namespace,
    method: str,
    settings: EvolutionSettings,
    encoding_for: Callable[[tuple[int, int, int]], Encoding],
) -> None:
    """Evolve fooling images with the encoding that `encoding_for` makes for an image shape, and save all of it."""
    files = run_files(arguments.seed, arguments.output, arguments.history, arguments.archive)
    compute = read_settings(arguments, CheckpointSettings)
    device = prepare_device(compute)
    networks = load_networks(arguments.network)
    trained = networks[0]
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    if device.type != "cpu" and len(files) > 1:
        recorded["together"] = arguments.seed  # there the rounding of a score depends on the batch
    provenances = [Provenance(f"evolve_{method}", {**recorded, "seed": f.seed}, [arguments.network]) for f in files]
    encoding = encoding_for(trained.image_shape)
    runs = [
        Evolution(encoding, trained.real_classes, settings, seeded_generator(f.seed, device, "evolution", method))
        for f in files
    ]
    with ExitStack() as stack:
        checkpoints = [
            stack.enter_context(Checkpoint(checkpoint_path(f.output), p.record(), compute.checkpoint_seconds))
            for f, p in zip(files, provenances, strict=True)
        ]
        evolve(runs, classifier_of(networks, device, precision=PRECISIONS[settings.precision]), checkpoints)
        origin = origin_of(method, arguments.network, trained, settings)
        reporter = classifier_of(networks, device)
        for f, evolution, provenance in zip(files, runs, provenances, strict=True):
            save_run(f, evolution, reporter, origin, provenance.record())
            provenance.save(provenance_path(f.output))
        for checkpoint in checkpoints:
            checkpoint.discard()


def origin_of(method: str, path: Path, trained: TrainedNetwork, settings: EvolutionSettings) -> dict[str, Any]:
    """Return the origin of a fooling set that was evolved against the network in `path`."""
    return {
        "method": method,
        "network": path.stem,
        "round": trained.fooling_rounds + 1,
        "dataset": trained.dataset,
        "classes": trained.real_classes,
        **trained.named_classes,
        "fitness": settings.fitness,
        "generations": settings.generations,
        "batch": settings.batch,
    }
