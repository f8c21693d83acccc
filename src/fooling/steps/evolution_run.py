"""What `evolve_direct` and `evolve_cppn` share: everything but the encoding."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from fooling.checkpoint import Checkpoint, checkpoint_path
from fooling.classifier import Classifier, NetworkClassifier
from fooling.devices import prepare_device, seeded_generator
from fooling.encodings.population import Encoding
from fooling.evolution.map_elites import Evolution
from fooling.fooling_set import FoolingSet, save_fooling_set
from fooling.networks.network_file import load_network
from fooling.provenance import Provenance
from fooling.settings.compute import ComputeSettings
from fooling.settings.evolution import EvolutionSettings
from fooling.steps.command_line import add_settings, provenance_path, read_settings
from fooling.storage import save_arrays, save_table


def add_arguments(parser: argparse.ArgumentParser, settings: type[EvolutionSettings]) -> None:
    """Add the flags of an evolution step."""
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--seed", type=int, required=True, help="seed of the run")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    parser.add_argument("--archive", type=Path, required=True, help="the elites' genomes and lineage to write (.npz)")
    add_settings(parser, settings)
    add_settings(parser, ComputeSettings)


def run(
    arguments: argparse.Namespace,
    method: str,
    settings: EvolutionSettings,
    encoding_for: Callable[[tuple[int, int, int]], Encoding],
) -> None:
    """Evolve fooling images with the encoding that `encoding_for` makes for an image shape, and save all of it."""
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    trained = load_network(arguments.network)
    recorded = {**settings.model_dump(), "seed": arguments.seed, "device": device.type, "threads": compute.threads}
    provenance = Provenance(f"evolve_{method}", recorded, [arguments.network])
    classifier = NetworkClassifier(trained, device)
    generator = seeded_generator(arguments.seed, device, "evolution", method)
    evolution = Evolution(encoding_for(trained.image_shape), classifier, settings, generator)
    with Checkpoint(checkpoint_path(arguments.output), provenance.record(), compute.checkpoint_seconds) as checkpoint:
        evolution.run(checkpoint)
        origin = {
            "method": method,
            "network": arguments.network.stem,
            "dataset": trained.settings.dataset,
            "classes": trained.classes,
            "fitness": settings.fitness,
            "generations": settings.generations,
            "batch": settings.batch,
        }
        _save(evolution, classifier, arguments, origin, provenance)
        checkpoint.discard()


def _save(
    evolution: Evolution,
    classifier: Classifier,
    arguments: argparse.Namespace,
    origin: dict[str, object],
    provenance: Provenance,
) -> None:
    archive, record = evolution.archive, provenance.record()
    tensors = {
        **{f"genomes/{name}": tensor for name, tensor in archive.population.tensors.items()},
        "fitness": archive.fitness,
        "individual": archive.individual,
    }
    arrays = {name: tensor.cpu().numpy() for name, tensor in tensors.items()}
    arrays |= {f"lineage/{name}": column for name, column in evolution.history.lineage().items()}
    save_arrays(arguments.archive, "archive", {"origin": origin, "provenance": record}, arrays)
    save_table(arguments.history, evolution.history.table())
    save_fooling_set(arguments.output, _fooling_set(evolution, classifier, arguments.seed, origin, record))
    provenance.save(provenance_path(arguments.output))


def _fooling_set(
    evolution: Evolution, classifier: Classifier, seed: int, origin: dict[str, object], record: dict[str, object]
) -> FoolingSet:
    """Collect the snapshots; their confidences are measured anew, on the very images that are stored."""
    snapshots, classes = evolution.snapshots, classifier.classes
    images = np.concatenate([snapshot.images for snapshot in snapshots])
    target = np.tile(np.arange(classes), len(snapshots))
    scores = classifier.log_confidence(torch.from_numpy(images).to(classifier.device)).cpu().numpy()
    return FoolingSet(
        images=images,
        target=target,
        log_confidence=scores[np.arange(len(images)), target],
        generation=np.repeat([snapshot.generation for snapshot in snapshots], classes),
        born=np.concatenate([snapshot.born for snapshot in snapshots]),
        run=np.full(len(images), seed),
        origin=origin,
        provenance=record,
    )
