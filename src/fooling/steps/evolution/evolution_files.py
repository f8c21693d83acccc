"""What one run of evolution writes: fooling set, history, elites."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fooling.artifacts.elites import save_elites
from fooling.artifacts.fooling_set import save_fooling_set
from fooling.artifacts.origin import EvolutionOrigin
from fooling.artifacts.storage import save_table
from fooling.evolution.map_elites import Evolution
from fooling.evolution.outcome import elites_of, images_of
from fooling.networks.classifier import Classifier


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
