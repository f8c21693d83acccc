"""What a complete run of evolution leaves behind: its images as a fooling set, its last elites, and their origin."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fooling.artifacts.elites import Elites
from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.artifacts.origin import EvolutionOrigin
from fooling.evolution.map_elites import Evolution
from fooling.networks.classifier import Classifier, score_distinct
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.evolution import EvolutionSettings


def origin_of(method: str, network: str, trained: TrainedNetwork, settings: EvolutionSettings) -> EvolutionOrigin:
    """Return the origin of images that were evolved against a network.

    Args:
        method: name of the encoding, `direct` or `cppn`.
        network: its name.
        trained: the network itself.
        settings: of the run.
    """
    return EvolutionOrigin(
        method=method,
        network=network,
        round=trained.fooling_rounds + 1,
        dataset=trained.dataset,
        classes=trained.real_classes,
        **trained.named_classes,
        fitness=settings.fitness,
        generations=settings.generations,
        batch=settings.batch,
    )


def elites_of(evolution: Evolution, seed: int, origin: EvolutionOrigin, record: Mapping[str, Any]) -> Elites:
    """Return the last elites of a run, with the record of how they came about.

    Args:
        evolution: the complete run.
        seed: of the run.
        origin: of the elites' images.
        record: the provenance of the step.
    """
    archive, classes = evolution.archive, evolution.history.classes()
    return Elites(
        genomes={name: tensor.cpu().numpy() for name, tensor in archive.population.tensors.items()},
        fitness=archive.fitness.cpu().numpy(),
        individual=archive.individual.cpu().numpy(),
        lineage=evolution.history.lineage(),
        kept_generations=classes["generation"],
        log_confidence=classes["log_confidence"],
        run=seed,
        origin=origin,
        provenance=record,
    )


def images_of(
    evolution: Evolution, classifier: Classifier, seed: int, origin: EvolutionOrigin, record: Mapping[str, Any]
) -> FoolingSet:
    """Return the snapshots of a run; their confidences are measured anew, on the very images that are stored.

    Args:
        evolution: the complete run.
        classifier: a float32 classifier of the network; reported confidences come from it.
        seed: of the run.
        origin: of the images.
        record: the provenance of the step.
    """
    snapshots, classes = evolution.snapshots, evolution.classes
    images = snapshots[0].images if len(snapshots) == 1 else np.concatenate([each.images for each in snapshots])
    target = np.tile(np.arange(classes), len(snapshots))
    scores = score_distinct(classifier, images)
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


def images_of_runs(
    runs: Sequence[Evolution],
    classifier: Classifier,
    seeds: Sequence[int],
    origin: EvolutionOrigin,
    record: Mapping[str, Any],
) -> FoolingSet:
    """Return the snapshots of several runs, one run after the other; see `images_of` for the arguments."""
    return join([images_of(run, classifier, seed, origin, record) for seed, run in zip(seeds, runs, strict=True)])
