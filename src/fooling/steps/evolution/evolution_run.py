"""What `evolve_direct` and `evolve_cppn` share: everything but the encoding."""

import argparse
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

import torch

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings
from fooling.devices import prepare_device
from fooling.encodings.population import Encoding
from fooling.evolution.outcome import origin_of
from fooling.evolution.together import evolved
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_networks
from fooling.settings.compute import CheckpointSettings
from fooling.settings.evolution import EvolutionSettings
from fooling.steps.evolution.evolution_files import save_run
from fooling.steps.evolution.seeds import files_by_seed

EncodingFor = Callable[[tuple[int, int, int]], Encoding]
"""Returns the encoding of images of a shape (C, H, W)."""


def add_arguments(parser: argparse.ArgumentParser, settings: type[EvolutionSettings]) -> None:
    """Add the flags of an evolution step."""
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--seed", type=int, nargs="+", required=True, help="seed of the run; several run together")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    parser.add_argument("--elites", type=Path, required=True, help="the elites' genomes and lineage to write (.npz)")
    add_settings(parser, settings, CheckpointSettings)


class Where(TypedDict):
    """Where a run computes. On a CPU the network alone uses several threads, whose number changes no score."""

    device: torch.device
    threads: int


def prepare(compute: CheckpointSettings) -> Where:
    """Prepare the device to evolve on.

    Raises:
        FoolingError: there is no such device.
    """
    return {"device": prepare_device(compute.model_copy(update={"threads": 1})), "threads": compute.threads}


def recorded_settings(settings: EvolutionSettings, compute: CheckpointSettings, device: torch.device) -> dict[str, Any]:
    """Return what of the settings belongs to the provenance of a run, as plain values."""
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    if settings.cpu_backend == "openvino" and device.type == "cpu":
        recorded["openvino"] = version("openvino")
    return recorded


def run(arguments: argparse.Namespace, method: str, settings: EvolutionSettings, encoding_for: EncodingFor) -> None:
    """Evolve fooling images with the encoding that `encoding_for` makes for an image shape, and save all of it."""
    files = files_by_seed(arguments.seed, arguments.output, arguments.history, arguments.elites)
    compute = read_settings(arguments, CheckpointSettings)
    where = prepare(compute)
    networks = load_networks(arguments.network)
    recorded = recorded_settings(settings, compute, where["device"])
    if recorded["device"] != "cpu" and len(files) > 1:
        recorded["together"] = arguments.seed  # there the rounding of a score depends on the batch
    provenances = [Provenance(f"evolve_{method}", {**recorded, "seed": f.seed}, [arguments.network]) for f in files]
    checkpoints = [
        Checkpoint(checkpoint_path(f.output), p.record(), compute.checkpoint_seconds)
        for f, p in zip(files, provenances, strict=True)
    ]
    origin = origin_of(method, arguments.network.stem, networks[0], settings)
    encoding = encoding_for(networks[0].image_shape)
    with evolved(networks, method, encoding, settings, seeds=arguments.seed, checkpoints=checkpoints, **where) as runs:
        reporter = classifier_of(networks, **where)
        for f, evolution, provenance in zip(files, runs, provenances, strict=True):
            save_run(f, evolution, reporter, origin, provenance.record())
            provenance.save(provenance_path(f.output))
