"""Pictures that were bred by hand, as a file: what was published in some sessions, and what a network says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, Field

from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.layout import damaged, load_artifact
from fooling.artifacts.storage import save_arrays
from fooling.settings.base import Positive, parse
from fooling.settings.breeding import Label

KIND = "set of bred pictures"
_COLUMNS = {"images": "uint8 N 3 H W", "classes": "int64 N K", "confidence": "float64 N K", "generation": "int64 N"}
_LAYOUT = _COLUMNS | {f"genomes/{name}": described for name, described in CPPN_GENES.items()}


@dataclass(frozen=True)
class BredPictures:
    """N published pictures, log after log, in the order of their publication.

    Attributes:
        images: uint8 (N, 3, H, W).
        labels: what the breeder saw in each.
        logs: name of the log of each.
        generation: int64 (N,), how many generations lead to it from a random one.
        populations: pictures of a generation of its session.
        genomes: the CPPNs, by the names of `cppn_genome.Genomes`, one row each.
        classes: int64 (N, 3), the network's most confident classes, the first one first.
        confidence: float64 (N, 3), in them.
        names: of them.
        network: whose these are.
        provenance: settings, code, versions and inputs of the step that made it.
    """

    images: np.ndarray
    labels: Sequence[str]
    logs: list[str]
    generation: np.ndarray
    populations: Sequence[int]
    genomes: Mapping[str, np.ndarray]
    classes: np.ndarray
    confidence: np.ndarray
    names: Sequence[Sequence[str]]
    network: str
    provenance: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image_names(self) -> list[str]:
        """A name for each picture: its log and its number there, counted from 1."""
        return [f"{log}-{self.logs[: row + 1].count(log)}" for row, log in enumerate(self.logs)]


class _Words(BaseModel):
    """What the header says of the pictures."""

    labels: list[Label]
    logs: list[Annotated[str, Field(pattern=r"^[^/\x00]+$")]]
    names: list[list[str]]
    network: str
    populations: list[Positive]
    provenance: dict[str, Any]


def save_bred(path: Path, bred: BredPictures) -> None:
    """Write bred pictures; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    arrays = {name: np.asarray(getattr(bred, name), _COLUMNS[name].split()[0]) for name in _COLUMNS}
    arrays |= {f"genomes/{name}": bred.genomes[name] for name in CPPN_GENES}
    save_arrays(path, KIND, {name: getattr(bred, name) for name in _Words.model_fields}, arrays)


def load_bred(path: Path) -> BredPictures:
    """Read bred pictures.

    Raises:
        FoolingError: the file is missing, damaged, or its parts do not fit together.
    """
    types = {"labels": list, "logs": list, "names": list, "network": str, "populations": list, "provenance": dict}
    header, arrays = load_artifact(path, KIND, _LAYOUT, types)
    words = dict(parse(_Words, header, f"{path} is damaged; delete it and make it again"))
    columns: dict[str, Any] = {name: arrays[name] for name in _COLUMNS}
    bred = BredPictures(**columns, **words, genomes={name: arrays[f"genomes/{name}"] for name in CPPN_GENES})
    per_picture = (bred.labels, bred.logs, bred.names, bred.populations)
    if any(len(part) != len(bred) for part in per_picture):
        raise damaged(path)
    if any(len(names) != bred.classes.shape[1] for names in bred.names):
        raise damaged(path)
    return bred
