"""Small artifacts that several tests read."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fooling.artifacts.elites import LINEAGE, Elites


def small_elites(rows: Sequence[tuple[int, ...]], individual: Sequence[int], **changed: Any) -> Elites:
    """Return elites with these rows of lineage and these last individuals, without genes."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, len(LINEAGE)).T
    generations = int(columns[0].max(initial=0)) + 1
    parts: dict[str, Any] = {
        "genomes": {},
        "fitness": np.zeros(len(individual), np.float32),
        "individual": np.array(individual, dtype=np.int64),
        "lineage": dict(zip(LINEAGE, columns, strict=True)),
        "kept_generations": np.arange(generations),
        "log_confidence": np.full((generations, len(individual)), -0.5, np.float16),
        "run": 0,
        "origin": {},
        "provenance": {},
    }
    return Elites(**parts | changed)
