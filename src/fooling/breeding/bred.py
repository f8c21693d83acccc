"""Pictures that were bred by hand, as a file: what was published in some sessions, and what a network says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fooling.errors import FoolingError
from fooling.storage import load_arrays, save_arrays, written_whole

KIND = "set of bred pictures"
GENES = ("source", "target", "weight", "function")
_COLUMNS = {"images": np.uint8, "classes": np.int64, "confidence": np.float64, "generation": np.int64}
_WORDS = ("labels", "logs", "names", "network", "populations", "provenance")


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
    logs: Sequence[str]
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


def save_bred(path: Path, bred: BredPictures) -> None:
    """Write bred pictures; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    arrays = {name: np.asarray(getattr(bred, name), dtype) for name, dtype in _COLUMNS.items()}
    arrays |= {f"genomes/{name}": bred.genomes[name] for name in GENES}
    save_arrays(path, KIND, {name: getattr(bred, name) for name in _WORDS}, arrays)


def load_bred(path: Path) -> BredPictures:
    """Read bred pictures.

    Raises:
        FoolingError: the file is missing, damaged, or its parts do not fit together.
    """
    header, arrays = load_arrays(path, KIND)
    try:
        columns: dict[str, Any] = {name: arrays[name] for name in _COLUMNS}
        genomes = {name: arrays[f"genomes/{name}"] for name in GENES}
        bred = BredPictures(**columns, **{name: header[name] for name in _WORDS}, genomes=genomes)
    except KeyError as error:
        raise FoolingError(
            f"{path} lacks {error} and holds no bred pictures of this version; make it again."
        ) from error
    per_picture = [*columns.values(), *genomes.values(), bred.labels, bred.logs, bred.names, bred.populations]
    if any(len(part) != len(bred) for part in per_picture) or bred.images.ndim != 4:
        raise FoolingError(f"{path} is damaged: its columns do not fit together; delete it and make it again.")
    return bred


def export_pngs(bred: BredPictures, folder: Path) -> list[Path]:
    """Write each picture as `LOG-NUMBER.png`, counted from 1 in each log, without loss, and return the paths.

    Raises:
        FoolingError: the folder cannot be written.
    """
    paths = []
    for row, (log, image) in enumerate(zip(bred.logs, bred.images, strict=True)):
        paths.append(folder / f"{log}-{list(bred.logs[: row + 1]).count(log)}.png")
        with written_whole(paths[-1]) as temporary:
            Image.fromarray(np.moveaxis(image, 0, -1)).save(temporary, format="PNG")
    return paths
