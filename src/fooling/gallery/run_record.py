"""What the page shows of one run beside its images: ancestors with their genomes, and each class's way up."""

import base64

import numpy as np

from fooling.artifacts.ancestors import Ancestors
from fooling.artifacts.elites import Elites
from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage

STAYED, SWITCHED, CONQUERED = range(3)
"""Of an ancestor: whether its parent was drawn from another class, and then whether it held this one as well."""


def family(lineage: Lineage, ancestors: Ancestors | None) -> dict[str, object]:
    """Return the ancestries of all last elites as columns, one row for each time an ancestor took a class.

    Raises:
        FoolingError: the ancestors are of another run.
    """
    cells = np.flatnonzero(lineage.elites >= 0).tolist()
    paths = {cell: lineage.ancestry(cell) for cell in cells}
    rows = np.unique(np.concatenate(list(paths.values())))
    place = {row: number for number, row in enumerate(rows.tolist())}
    columns: dict[str, object] = {
        "generation": lineage.generation[rows].tolist(),
        "cell": lineage.cell[rows].tolist(),
        "parent": [place.get(row, -1) for row in lineage.parent_row[rows].tolist()],
        "step": np.where(lineage.conquered, CONQUERED, np.where(lineage.switched, SWITCHED, STAYED))[rows].tolist(),
        "elites": {cell: place[int(path[-1])] for cell, path in paths.items()},
    }
    if ancestors is not None:
        individual = lineage.individual[rows]
        genome = np.searchsorted(ancestors.individual, individual)
        if not np.array_equal(ancestors.individual[genome.clip(max=len(ancestors.individual) - 1)], individual):
            raise FoolingError("The ancestors are of another run than the elites; make them again.")
        columns |= {"genome": genome.tolist(), "genomes": _genomes(ancestors)}
    return columns


def _genomes(ancestors: Ancestors) -> dict[str, object]:
    """Return genomes one behind the other, as base64 of little-endian numbers."""
    used = ancestors.source >= 0
    return {
        "connections": used.sum(axis=1).tolist(),
        "nodes": ancestors.function.shape[1],
        "source": _base64(ancestors.source[used], "<i2"),
        "target": _base64(ancestors.target[used], "<i2"),
        "weight": _base64(ancestors.weight[used], "<f4"),
        "function": _base64(ancestors.function, "i1"),
    }


def way_up(elites: Elites | None, fooling_set: FoolingSet) -> dict[str, object] | None:
    """Return the confidence of each class at many generations, or at those whose images the set holds.

    Args:
        elites: of the run, where there are any.
        fooling_set: the images of the run.

    Returns:
        generation, (K,); classes, the numbers of the C classes; log_confidence, base64 of float32 (K, C), NaN where it
        is not known. None if there are fewer than two generations.
    """
    if elites is not None:
        generations, values = elites.kept_generations, elites.log_confidence.astype(np.float32)
        classes = np.arange(values.shape[1])
    else:
        generations, when = np.unique(fooling_set.generation, return_inverse=True)
        classes, which = np.unique(fooling_set.target, return_inverse=True)
        values = np.full((len(generations), len(classes)), np.nan, dtype=np.float32)
        values[when, which] = fooling_set.log_confidence
    if len(generations) < 2:
        return None
    return {
        "generation": generations.tolist(),
        "classes": classes.tolist(),
        "log_confidence": _base64(values, "<f4"),
    }


def _base64(values: np.ndarray, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()
