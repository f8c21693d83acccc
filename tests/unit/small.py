"""Small artifacts that several tests read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.checkpoint import Checkpoint
from fooling.artifacts.elites import LINEAGE, Elites
from fooling.artifacts.origin import Origin, parse_origin
from fooling.artifacts.pngs import as_picture
from fooling.data.formats import idx_content

SOURCE = {"network": "lenet-1", "dataset": "mnist", "classes": 3}
EVOLUTION = {"method": "cppn", "round": 1, "fitness": "float32", "generations": 20, "batch": 10}
ASCENT = {"set": "minus_1", "rule": "progress", "mean": [33.0], "milestones": []}


def small_origin(**changed: Any) -> Origin:
    """Return the origin of a CPPN run or, where the method is `ascent`, of gradient ascent."""
    scale = ASCENT if changed.get("method") == "ascent" else EVOLUTION
    return parse_origin({**SOURCE, **scale, **changed}, "A test")


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
        "origin": small_origin(),
        "provenance": {},
    }
    return Elites(**parts | changed)


def authors_name(run: int, row: int) -> str:
    """Return a name as the authors' code makes it; of classes 2, 4, …, the text of a later one may sort first."""
    return f"map_5000_{2 * row + 2}_0.{9 * (row + 1)}{run}.png"


def save_authors_folder(
    root: Path, images: int, side: int, name: Callable[[int, int], str] = authors_name
) -> dict[str, np.ndarray]:
    """Write ten runs as the authors' archive unpacks into `root`; return the images, uint8 (3, side, side), by path."""
    generator = np.random.default_rng(side)
    written = {}
    for run in range(10):
        folder = root / f"10-runs-x-1000-cppns/run_{run}/map_gen_5000"
        folder.mkdir(parents=True)
        for row in range(images):
            path = folder / name(run, row)
            written[str(path)] = generator.integers(0, 256, (3, side, side), dtype=np.uint8)
            as_picture(written[str(path)]).save(path)
    return written


def small_mnist(folder: Path, training: int = 80, test: int = 30) -> Path:
    """Write MNIST in miniature, so many images of noise of its ten classes in turn, and return the folder."""
    generator = np.random.default_rng(0)
    folder.mkdir()
    for prefix, count in (("train", training), ("t10k", test)):
        images = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            (folder / f"{prefix}-{kind}-ubyte").write_bytes(idx_content(array))
    return folder


class Stopping(Checkpoint):
    """A checkpoint that is due at one iteration, as if SIGTERM had come then."""

    def __init__(self, path: Path, iteration: int | None = None) -> None:
        super().__init__(path, {}, 3600)
        self._iteration = iteration
        self._asked = 0

    def due(self) -> bool:
        self._asked += 1
        self._terminated = self._asked == self._iteration
        return self._terminated
