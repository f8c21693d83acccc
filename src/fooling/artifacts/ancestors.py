"""The genomes of all ancestors of a run's CPPN images, as the step find_ancestors finds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.layout import damaged, has_layout
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.settings.base import Seed, parse

KIND = "ancestors"
_LAYOUT = {"individual": "int64 N", **CPPN_GENES}


@dataclass(frozen=True)
class Ancestors:
    """The genomes of a run's last elites and of everyone they descend from, one row for each.

    Attributes:
        individual: int64 (N,), ascending; the numbers that the run's lineage gives them.
        source: int16 (N, E), node where a connection begins, or -1 in a free slot.
        target: int16 (N, E), node where it ends, or -1.
        weight: float32 (N, E), its gene in [0, 1], which stands for [-10, 10].
        function: int8 (N, V), activation function of a node; -1 for one that is not there.
    """

    individual: np.ndarray
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    function: np.ndarray


class _Header(BaseModel):
    runs: list[tuple[str, Seed]]


def save_ancestors(path: Path, runs: Mapping[tuple[str, int], Ancestors]) -> None:
    """Write the ancestors of runs against a network, by its name and the run's seed.

    Raises:
        FoolingError: the file cannot be written.
    """
    names = [f"{network}/{run}" for network, run in runs]
    arrays = {
        f"{name}/{column}": getattr(ancestors, column)
        for name, ancestors in zip(names, runs.values(), strict=True)
        for column in _LAYOUT
    }
    save_arrays(path, KIND, {"runs": [list(run) for run in runs]}, arrays)


def load_ancestors(path: Path) -> dict[tuple[str, int], Ancestors]:
    """Read what `save_ancestors` wrote.

    Raises:
        FoolingError: the file is missing or damaged.
    """
    header, arrays = load_arrays(path, KIND)
    found = {}
    for network, run in parse(_Header, header, f"{path} is damaged; delete it and make it again").runs:
        start = f"{network}/{run}/"
        columns = {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}
        if columns.keys() != _LAYOUT.keys() or not has_layout(columns, _LAYOUT):
            raise damaged(path)
        found[network, run] = Ancestors(**columns)
    return found
