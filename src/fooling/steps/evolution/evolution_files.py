"""What runs of evolution write: paths by seed, fooling set, history, elites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.elites import Elites, save_elites
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.artifacts.origin import EvolutionOrigin
from fooling.artifacts.storage import save_table
from fooling.errors import FoolingError
from fooling.evolution.map_elites import Evolution
from fooling.networks.classifier import Classifier, score_distinct


@dataclass(frozen=True)
class RunFiles:
    """What one run writes.

    Attributes:
        seed: of the run.
        output: the fooling set; checkpoint and provenance lie beside it.
        history: the table of all generations.
        elites: their genomes and lineage, and how each class fared.
    """

    seed: int
    output: Path
    history: Path
    elites: Path


def run_files(seeds: Sequence[int], output: Path, history: Path, elites: Path) -> list[RunFiles]:
    """Return what each seed's run writes: the paths, with the seed in place of `{seed}`.

    Raises:
        FoolingError: a seed is listed twice, or several seeds would write one file.
    """
    if len(set(seeds)) < len(seeds):
        raise FoolingError("--seed lists a seed twice; list each seed once.")
    paths = {"output": output, "history": history, "elites": elites}
    for name, path in paths.items():
        if len(seeds) > 1 and "{seed}" not in str(path):
            raise FoolingError(
                f"--{name} names one file for {len(seeds)} seeds; write {{seed}} where its path shall hold the seed."
            )
    return [
        RunFiles(seed, **{name: Path(str(path).replace("{seed}", str(seed))) for name, path in paths.items()})
        for seed in seeds
    ]


def save_run(
    files: RunFiles,
    evolution: Evolution,
    classifier: Classifier,
    origin: EvolutionOrigin,
    record: Mapping[str, Any],
) -> None:
    """Write a complete run.

    Args:
        files: where.
        evolution: the run.
        classifier: a float32 classifier of the network; reported confidences come from it.
        origin: of the fooling set.
        record: its provenance.
    """
    save_elites(files.elites, elites_of(evolution, files.seed, origin, record))
    save_table(files.history, evolution.history.table())
    save_fooling_set(files.output, images_of(evolution, classifier, files.seed, origin, record))


def elites_of(evolution: Evolution, seed: int, origin: EvolutionOrigin, record: Mapping[str, Any]) -> Elites:
    """Return the last elites of a run, with the record of how they came about."""
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
    """Return the snapshots of a run; their confidences are measured anew, on the very images that are stored."""
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
