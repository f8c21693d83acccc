"""The results of a long run in a form that fits into the repository: genomes, histories, tables, figures.

An image of 256 x 256 pixels takes 200 kB and its genome 0.3 kB, so images travel as their genomes, with the
checksum and the confidence of each, by which whoever draws them again can tell that they are the same.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.artifacts.provenance import provenance_path
from fooling.artifacts.storage import PACKED, pack, save_table, save_with
from fooling.artifacts.table import read_table
from fooling.data.class_names import class_name
from fooling.errors import FoolingError

FOOLING_SET, ELITES, HISTORY, IMAGES = "fooling_set.npz", "elites.npz", "history.csv", "images.csv"
LARGEST_ELITES = 50_000_000
"""Bytes; the genes of a thousand directly encoded images of ImageNet's size take 800 MB."""
ROWS = 300
"""Of a history, about."""
WIDEST = 1600
"""Pixels of a figure."""
QUALITY = 80


def ship(results: Path, folder: Path, experiments: Sequence[str] | None = None) -> Iterator[str]:
    """Write what a run leaves that others want to look at, and say what was written, line by line.

    Args:
        results: of a configuration, such as `results/imagenet`.
        folder: to write to, such as `docs/results/imagenet`.
        experiments: whose runs are wanted, by name; None for all.

    Raises:
        FoolingError: there are no such runs of evolution in `results`, or a file is damaged or cannot be written.
    """
    runs: list[Path] = []
    for experiment in experiments or ["*"]:
        found = sorted(path.parent for path in results.glob(f"evolution/{experiment}/**/{FOOLING_SET}"))
        if not found:
            raise FoolingError(f"There are no runs of evolution in {results}/evolution/{experiment}; make them first.")
        runs += found
    for run in runs:
        yield _ship_run(run, folder / run.relative_to(results))
    for table in sorted(results.glob("tables/*.csv")):
        save_with(folder / "tables" / table.name, partial(shutil.copyfile, table))
    figures = sorted(results.glob("figures/**/*.png"))
    for figure in figures:
        place = (folder / figure.relative_to(results)).with_suffix(".webp")
        save_with(place, partial(_reduce, figure))
    yield f"{len(figures)} figures"


def _ship_run(run: Path, folder: Path) -> str:
    save_table(folder / IMAGES, image_table(load_fooling_set(run / FOOLING_SET).final()))
    history = read_table(run / HISTORY, ["generation", "evaluations", "median_confidence"])
    save_with(folder / HISTORY, partial(thinned(pd.read_csv(run / HISTORY)).to_csv, index=False))
    save_with(folder / "provenance.json", partial(shutil.copyfile, provenance_path(run / FOOLING_SET)))
    end = history.iloc[-1]
    said = f"{run}: {end['evaluations']:,.0f} evaluations, median confidence {end['median_confidence']:.4f}"
    if (run / ELITES).stat().st_size > LARGEST_ELITES:
        return f"{said}; its genes are too large to ship"
    pack(run / ELITES, folder / f"{ELITES}{PACKED}")
    return said


def image_table(fooling_set: FoolingSet) -> dict[str, np.ndarray]:
    """Return the class, the class's name, the log-confidence, the shape and the checksum of each image.

    Args:
        fooling_set: one image for each class.
    """
    dataset = fooling_set.origin.dataset
    return {
        "class": fooling_set.target,
        "name": np.array([class_name(dataset, int(target)) for target in fooling_set.target], dtype=object),
        "log_confidence": fooling_set.log_confidence.astype(np.float64),
        "shape": np.full(len(fooling_set), " ".join(map(str, fooling_set.images.shape[1:])), dtype=object),
        "sha256": np.array([image_digest(image) for image in fooling_set.images], dtype=object),
    }


def image_digest(image: np.ndarray) -> str:
    """Return the SHA-256 of the pixels of an image, uint8 (C, H, W), in this order."""
    return sha256(image.tobytes()).hexdigest()


def thinned(history: pd.DataFrame) -> pd.DataFrame:
    """Return about `ROWS` rows of a history, the first and the last among them, the later ones further apart."""
    last = len(history) - 1
    step = (last + 1) ** (1 / ROWS)
    rows, row = {0, last}, 1.0
    while row < last:
        rows.add(int(row))
        row = max(row + 1, row * step)
    return history.iloc[sorted(rows)]


@dataclass(frozen=True)
class ShippedRun:
    """A run of evolution as it was shipped.

    Attributes:
        elites: the packed file of its genomes.
        image_shape: (C, H, W) of its images.
        target: int64 (N,), the class of each image.
        log_confidence: float64 (N,), of the network that the run fooled.
        digests: of each image, see `image_digest`.
    """

    elites: Path
    image_shape: tuple[int, int, int]
    target: np.ndarray
    log_confidence: np.ndarray
    digests: np.ndarray


def shipped_runs(folder: Path) -> dict[str, ShippedRun]:
    """Return the shipped runs of evolution by their place in `folder`.

    Raises:
        FoolingError: there are none, or a table is damaged.
    """
    found = sorted(folder.glob(f"evolution/**/{ELITES}{PACKED}"))
    if not found:
        raise FoolingError(f"There are no shipped runs in {folder}; name a folder such as docs/results/imagenet.")
    return {path.parent.relative_to(folder).as_posix(): _shipped_run(path) for path in found}


def _shipped_run(elites: Path) -> ShippedRun:
    table = read_table(elites.with_name(IMAGES), ["class", "log_confidence"], ["shape", "sha256"])
    channels, height, width = map(int, table["shape"][0].split())
    target, log_confidence = table["class"].to_numpy(np.int64), table["log_confidence"].to_numpy()
    return ShippedRun(elites, (channels, height, width), target, log_confidence, table["sha256"].to_numpy())


def _reduce(figure: Path, target: Path) -> None:
    with Image.open(figure) as drawn:
        picture = drawn.convert("RGB")
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    picture.save(target, format="WEBP", quality=QUALITY, method=6)
