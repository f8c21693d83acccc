"""The elites of one run of evolution: their genomes, and the record of who replaced whom (`elites.npz`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.layout import damaged, load_artifact
from fooling.artifacts.origin import EvolutionOrigin, parse_evolution_origin
from fooling.artifacts.storage import save_arrays

KIND = "file of elites"
LINEAGE = ("generation", "cell", "individual", "parent", "parent_cell")
"""Columns of the record: one row for each replaced elite, in the order of the generations."""
_LAYOUT = {
    "fitness": "float32 K",
    "individual": "int64 K",
    **{f"lineage/{name}": "int64 R" for name in LINEAGE},
    "classes/generation": "int64 G",
    "classes/log_confidence": "float16 G K",
}
_GENOMES = "genomes/"


@dataclass(frozen=True)
class Elites:
    """What a complete run of evolution leaves behind beside its images.

    Attributes:
        genomes: by the names that the encoding gives them, one row for each of the K classes; the row of an empty
            cell means nothing.
        fitness: float32 (K,), -inf for an empty cell.
        individual: int64 (K,), the number of each class's elite, or -1. Individuals are numbered through the run:
            generation * batch + position in the batch.
        lineage: the columns of `LINEAGE`, int64 (R,) each. parent and parent_cell are -1 in the initial population.
        kept_generations: int64 (G,), generations of which the confidence in every class is known.
        log_confidence: float16 (G, K), what it was in them.
        run: the seed of the run.
        origin: as in the run's fooling set.
        provenance: settings, code, versions and inputs of the step that made it.
    """

    genomes: Mapping[str, np.ndarray]
    fitness: np.ndarray
    individual: np.ndarray
    lineage: Mapping[str, np.ndarray]
    kept_generations: np.ndarray
    log_confidence: np.ndarray
    run: int
    origin: EvolutionOrigin
    provenance: Mapping[str, Any]


def save_elites(path: Path, elites: Elites) -> None:
    """Write elites; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    header = {"run": elites.run, "origin": elites.origin.plain(), "provenance": dict(elites.provenance)}
    arrays = {f"{_GENOMES}{name}": array for name, array in elites.genomes.items()}
    arrays |= {"fitness": elites.fitness, "individual": elites.individual}
    arrays |= {f"lineage/{name}": elites.lineage[name] for name in LINEAGE}
    arrays |= {"classes/generation": elites.kept_generations, "classes/log_confidence": elites.log_confidence}
    save_arrays(path, KIND, header, arrays)


def load_elites(path: Path) -> Elites:
    """Read elites.

    Raises:
        FoolingError: the file is missing, damaged, or its lineage does not end with its elites.
    """
    header, arrays = load_artifact(
        path, KIND, _LAYOUT, {"run": int, "origin": dict, "provenance": dict}, further=_GENOMES
    )
    elites = Elites(
        genomes={name.removeprefix(_GENOMES): array for name, array in arrays.items() if name.startswith(_GENOMES)},
        fitness=arrays["fitness"],
        individual=arrays["individual"],
        lineage={name: arrays[f"lineage/{name}"] for name in LINEAGE},
        kept_generations=arrays["classes/generation"],
        log_confidence=arrays["classes/log_confidence"],
        run=header["run"],
        origin=parse_evolution_origin(header["origin"], str(path)),
        provenance=header["provenance"],
    )
    if not _fits(elites):
        raise damaged(path)
    return elites


def _fits(elites: Elites) -> bool:
    """Tell whether the parts belong together; whoever follows a lineage trusts it."""
    lineage, cells = elites.lineage, len(elites.individual)
    is_sound = (
        len(lineage["cell"]) > 0
        and all(len(genes) == cells for genes in elites.genomes.values())
        and bool((np.diff(lineage["generation"], prepend=0) >= 0).all())
        and bool(((lineage["cell"] >= 0) & (lineage["cell"] < cells)).all())
        and bool(((lineage["parent_cell"] >= -1) & (lineage["parent_cell"] < cells)).all())
    )
    if not is_sound:
        return False
    last = np.full(cells, -1)
    last[lineage["cell"]] = lineage["individual"]  # of equal cells the last assignment stays
    return np.array_equal(last, elites.individual)
