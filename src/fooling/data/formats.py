"""The formats of the data sets' files: idx files, of MNIST and glyphs, and CIFAR's binary files."""

import math
import struct
from pathlib import Path

import numpy as np

from fooling.data.record_order import LABELS, in_order
from fooling.errors import FoolingError
from fooling.settings.datasets import CIFAR10, CIFAR100, CIFAR100_COARSE


def read_cifar_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read one of CIFAR-10's binary files: images, uint8 (N, 3, 32, 32), and labels, int64 (N,).

    Each image is a byte for its label and 32 * 32 bytes each for red, green and blue.

    Raises:
        FoolingError: the file is missing, or is no such file.
    """
    return _images_and_labels(_cifar_records(path, CIFAR10.spoken_name, (CIFAR10.classes,)), 0, 1)


def read_cifar100_file(path: Path, label: int) -> tuple[np.ndarray, np.ndarray]:
    """Read one of CIFAR-100's binary files: images, uint8 (N, 3, 32, 32), and labels, int64 (N,), sorted by `in_order`.

    Args:
        path: of the file. Before each image it has two bytes, for the superclass and the class.
        label: which of them is wanted, `COARSE` or `FINE`.

    Raises:
        FoolingError: the file is missing, or is no such file.
    """
    records = _cifar_records(path, CIFAR100.spoken_name, (CIFAR100_COARSE.classes, CIFAR100.classes))
    return _images_and_labels(in_order(records, label), label, LABELS)


def _cifar_records(path: Path, called: str, classes: tuple[int, ...]) -> np.ndarray:
    """Return the images of a binary file with the labels before them, uint8 (N, labels + 3 * 32 * 32).

    Args:
        path: of the file.
        called: name of the data set in an error.
        classes: how many there are, for each of an image's labels.
    """
    content = _content(path)
    size = len(classes) + math.prod(CIFAR10.image_shape)
    whole = len(content) - len(content) % size
    records = np.frombuffer(content[:whole], np.uint8).reshape(-1, size)
    if not len(records) or whole < len(content) or (records[:, : len(classes)] >= classes).any():
        raise FoolingError(f"{path} is damaged or not {called}'s; delete it and fetch the data again.")
    return records


def _images_and_labels(records: np.ndarray, label: int, labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images, uint8 (N, 3, 32, 32), and one of the `labels` before each, int64 (N,)."""
    return records[:, labels:].reshape(-1, *CIFAR10.image_shape).copy(), records[:, label].astype(np.int64)


def read_idx(path: Path) -> np.ndarray:
    """Read an idx file of bytes: uint8 of the shape that its head states.

    The head is two zero bytes, the type (8: unsigned byte), the number of dimensions (here at most
    four), and each dimension as a big-endian 32-bit number.

    Raises:
        FoolingError: the file is missing, is no such file, or has another length than its head states.
    """
    content = _content(path)
    dimensions = content[3] if content[:3] == b"\0\0\x08" and len(content) > 3 else 0
    start = 4 + 4 * dimensions
    if not 1 <= dimensions <= 4 or len(content) < start:
        raise FoolingError(f"{path} is not an idx file of bytes; delete it and fetch the data again.")
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    if len(content) - start != math.prod(shape):
        raise FoolingError(
            f"{path} is damaged: it holds {len(content) - start} values, but its head states {math.prod(shape)}; "
            "delete it and fetch the data again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()  # torch wants it writable


def idx_content(values: np.ndarray) -> bytes:
    """Return an idx file of uint8 `values` of at most four dimensions, as `read_idx` reads it."""
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FoolingError(
            f"Cannot read {path} ({error.strerror}); fetch the data with python -m fooling.steps.data.fetch."
        ) from error
