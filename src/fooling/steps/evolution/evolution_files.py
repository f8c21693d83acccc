"""What runs of evolution write: paths by seed, fooling set, history, archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.artifacts.storage import save_arrays, save_table
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
        archive: the elites' genomes and lineage, and how each class fared.
    """

    seed: int
    output: Path
    history: Path
    archive: Path


def run_files(seeds: Sequence[int], output: Path, history: Path, archive: Path) -> list[RunFiles]:
    """Return what each seed's run writes: the paths, with the seed in place of `{seed}`.

    Raises:
        FoolingError: a seed is listed twice, or several seeds would write one file.
    """
    if len(set(seeds)) < len(seeds):
        raise FoolingError("--seed lists a seed twice; list each seed once.")
    paths = {"output": output, "history": history, "archive": archive}
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
    origin: Mapping[str, Any],
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
    archive = evolution.archive
    tensors = {
        **{f"genomes/{name}": tensor for name, tensor in archive.population.tensors.items()},
        "fitness": archive.fitness,
        "individual": archive.individual,
    }
    arrays = {name: tensor.cpu().numpy() for name, tensor in tensors.items()}
    arrays |= {f"lineage/{name}": column for name, column in evolution.history.lineage().items()}
    arrays |= {f"classes/{name}": array for name, array in evolution.history.classes().items()}
    save_arrays(files.archive, "archive", {"origin": origin, "provenance": record}, arrays)
    save_table(files.history, evolution.history.table())
    save_fooling_set(files.output, elites_of(evolution, classifier, files.seed, origin, record))


def elites_of(
    evolution: Evolution, classifier: Classifier, seed: int, origin: Mapping[str, Any], record: Mapping[str, Any]
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
