"""CIFAR-100 from a user's folder of sheets: one lossless WebP for each class, its images one below the other."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.artifacts.image_file import read_pixels
from fooling.data.cifar_sheets import binary
from fooling.data.folder_listing import readable
from fooling.data.record_order import RECORD
from fooling.data.sources import RawFile, Read, SourceError, UnreachableError
from fooling.errors import FoolingError
from fooling.settings.cifar100_classes import CLASSES, SUPERCLASS_OF
from fooling.settings.datasets import CIFAR100


@dataclass(frozen=True)
class ClassSheets:
    """A folder of sheets, `train/apple.webp` and so on, as a source of CIFAR-100's binary files.

    Attributes:
        folder: with `train` and `test`.
    """

    folder: Path

    def __str__(self) -> str:
        return f"the sheets in {self.folder}"

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        try:
            check_sheets(self.folder)
        except FoolingError as error:
            raise UnreachableError(str(error)) from error
        yield self._read

    def _read(self, file: RawFile) -> bytes:
        part, images = Path(file.name).stem, file.size // RECORD // len(CLASSES)
        records = []
        for number, name in enumerate(CLASSES):
            pixels = self._sheet(part, name, images)
            records.append(binary(pixels, np.tile([SUPERCLASS_OF[number], number], (images, 1))))
        return b"".join(records)

    def _sheet(self, part: str, name: str, images: int) -> np.ndarray:
        """Return the images of a class, uint8 (images, 32 * 32, 3)."""
        path = _sheet_path(self.folder, part, name)
        try:
            pixels = read_pixels(path)
        except FoolingError as error:
            raise SourceError(str(error)) from error
        channels, height, width = CIFAR100.image_shape
        if pixels.shape != (images * height, width, channels):
            raise SourceError(f"{path} does not hold {images} images of {height} x {width} pixels in colour")
        return pixels.reshape(images, height * width, channels)


def check_sheets(folder: Path) -> None:
    """Check that a folder holds a sheet for each class; none is opened.

    Raises:
        FoolingError: one is missing, or the folder is, or it cannot be read.
    """
    with readable(folder):
        if not folder.is_dir():
            raise FoolingError(f"There is no folder {folder} with sheets of CIFAR-100; correct the path, or give none.")
        for part in (Path(name).stem for name in CIFAR100.files):
            for name in CLASSES:
                path = _sheet_path(folder, part, name)
                if not path.is_file():
                    raise FoolingError(f"{folder} lacks the class {name}: there is no {path}; copy it.")


def _sheet_path(folder: Path, part: str, name: str) -> Path:
    return folder / part / f"{name}.webp"
