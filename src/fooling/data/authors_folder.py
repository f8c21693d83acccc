"""The images that the paper's authors published: ten runs of CPPNs against CaffeNet, a thousand images each.

pytorch-ood has the archive's address and checksum (`pytorch_ood.dataset.img.FoolingImages`) and unpacks it as
`10-runs-x-1000-cppns`, with `run_0/map_gen_5000/NAME.png` to `run_9/map_gen_5000/NAME.png`. More is not known of it
here: the archive has not been at hand. What a name says is taken from the code that the authors published, which calls
an image `map_GENERATION_CLASS_CONFIDENCE.png`. There the class counts from 0 in the order of CaffeNet's outputs, which
is that of the WordNet ids. If no file has such a name, the names say nothing; if only some have, the folder is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.data.folder_listing import image_names, readable
from fooling.data.image_region import Region, read_region
from fooling.errors import FoolingError
from fooling.settings.datasets import IMAGENET

RUNS = 10
IMAGES = 1000
"""Of each run."""
GENERATIONS = 5000
_SNAPSHOT = f"map_gen_{GENERATIONS}"
_NAME = re.compile(r"map_(?P<generation>\d+)_(?P<label>\d+)_(?P<confidence>\d+(\.\d+)?(e[+-]?\d+)?)\.png")


@dataclass(frozen=True)
class AuthorsClaims:
    """What the names of a run's files say.

    Attributes:
        target: int64 (N,), the class that each image aims at, 0-999.
        confidence: float64 (N,) in [0, 1], CaffeNet's in that class.
    """

    target: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class AuthorsRun:
    """One of the runs.

    Attributes:
        number: 0-9.
        paths: of its images, by name, as pytorch-ood orders them.
        claims: what their names say; None if they say nothing.
    """

    number: int
    paths: Sequence[Path]
    claims: AuthorsClaims | None

    def images(self, side: int) -> np.ndarray:
        """Read the images in colour, uint8 (N, 3, side, side); those of another size are resized (bicubic).

        Raises:
            FoolingError: a file is no readable image, or not square.
        """
        return np.stack([_read(path, side) for path in self.paths])


def list_authors_runs(folder: Path) -> list[AuthorsRun]:
    """List the images of the unpacked archive, without opening one.

    Args:
        folder: `10-runs-x-1000-cppns`.

    Raises:
        FoolingError: a run is missing or has another number of images than `IMAGES`; some files are named as the
            authors' code does and others not; or a name says what cannot be.
    """
    with readable(folder):
        runs = [_list_run(folder, number) for number in range(RUNS)]
    told = [run for run in runs if run.claims is not None]
    if 0 < len(told) < RUNS:
        mute = next(run for run in runs if run.claims is None)
        raise FoolingError(
            f"The names of the images in {mute.paths[0].parent} tell no class, but those in {told[0].paths[0].parent} "
            "do; unpack the authors' archive again."
        )
    return runs


def _list_run(folder: Path, number: int) -> AuthorsRun:
    place = folder / f"run_{number}" / _SNAPSHOT
    if not place.is_dir():
        raise FoolingError(
            f"There is no folder {place}; name the folder 10-runs-x-1000-cppns of the authors' unpacked archive."
        )
    names = [name for name in image_names(place) if name.endswith(".png")]
    if len(names) != IMAGES:
        raise FoolingError(f"{place} holds {len(names)} PNGs, not {IMAGES}; unpack the authors' archive again.")
    return AuthorsRun(number, [place / name for name in names], _claims(place, names))


def _claims(place: Path, names: Sequence[str]) -> AuthorsClaims | None:
    """Return what the names of a run's files say, or None if none is made like those of the authors' code.

    Raises:
        FoolingError: only some are, or one says what cannot be.
    """
    found = {name: match for name in names if (match := _NAME.fullmatch(name))}
    if not found:
        return None
    other = next((name for name in names if name not in found), None)
    if other is not None:
        raise FoolingError(
            f"{place / other} is not named map_GENERATION_CLASS_CONFIDENCE.png, as other images beside it are; unpack "
            "the authors' archive again."
        )
    labels: dict[int, str] = {}
    for name, match in found.items():
        label = int(match["label"])
        if int(match["generation"]) != GENERATIONS or label >= IMAGENET.classes or float(match["confidence"]) > 1:
            raise FoolingError(
                f"The name of {place / name} does not tell generation {GENERATIONS}, a class from 0 to "
                f"{IMAGENET.classes - 1} and a confidence up to 1; is this the authors' archive?"
            )
        if label in labels:
            raise FoolingError(f"{place} holds two images of class {label}, {labels[label]} and {name}; delete one.")
        labels[label] = name
    confidence = np.array([float(match["confidence"]) for match in found.values()])
    return AuthorsClaims(np.array(list(labels), dtype=np.int64), confidence)


def _read(path: Path, side: int) -> np.ndarray:
    def whole(width: int, height: int) -> Region:
        if width != height:
            raise FoolingError(f"{path} has {width} x {height} pixels, but the authors' images are square.")
        return 0, 0, width, height

    return read_region(path, whole, side, Image.Resampling.BICUBIC)
