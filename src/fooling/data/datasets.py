"""The data sets that networks are trained on, read from the folder where `fooling.steps.data.fetch` puts them."""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.errors import FoolingError


@dataclass(frozen=True)
class Dataset:
    """Labelled images for training and testing.

    Attributes:
        train_images: uint8 (N, C, H, W).
        train_labels: int64 (N,), in 0 … classes - 1.
        test_images: uint8 (M, C, H, W).
        test_labels: int64 (M,).
        classes: number of classes.
        fooling_rounds: rounds of fooling images whose union is the last class; 0 if there is no such class.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    classes: int
    fooling_rounds: int = 0

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of the images."""
        _, channels, height, width = self.train_images.shape
        return channels, height, width

    @property
    def mean_image(self) -> np.ndarray:
        """Mean of the training images, float32 (C, H, W) in 0-255 units, as Caffe's `compute_image_mean` makes it."""
        return self.train_images.mean(axis=0, dtype=np.float64).astype(np.float32)


MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
CIFAR10_FILES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
_CIFAR_RECORD = 1 + 3 * 32 * 32


def load_dataset(name: str, folder: Path) -> Dataset:
    """Read the data set `name` from its folder.

    Raises:
        FoolingError: the folder or a file is missing or damaged, or there is no data set of this name.
    """
    if name not in _LOADERS:
        raise FoolingError(f"There is no data set {name}; there is {', '.join(sorted(_LOADERS))}.")
    return _LOADERS[name](folder)


def first_classes(dataset: Dataset, classes: int | None) -> Dataset:
    """Return the images of the first `classes` classes of a data set; None takes all.

    Raises:
        FoolingError: it has fewer.
    """
    if classes is None:
        return dataset
    if classes > dataset.classes:
        raise FoolingError(f"{classes} classes are asked for, but the data set has {dataset.classes}.")
    train, test = dataset.train_labels < classes, dataset.test_labels < classes
    return Dataset(
        dataset.train_images[train],
        dataset.train_labels[train],
        dataset.test_images[test],
        dataset.test_labels[test],
        classes,
    )


def dataset_files(name: str, folder: Path) -> list[Path]:
    """Return the files that `load_dataset` reads."""
    return [folder / file for file in _FILES[name]]


def load_mnist(folder: Path) -> Dataset:
    """Read MNIST's four idx files: 60,000 training and 10,000 test images of 28 by 28 pixels, ten classes.

    Raises:
        FoolingError: a file is missing or damaged, or the files do not belong together.
    """
    train_images, train_labels, test_images, test_labels = (read_idx(path) for path in dataset_files("mnist", folder))
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        if images.shape[1:] != (28, 28) or labels.shape != images.shape[:1] or not len(images) or labels.max() > 9:
            raise FoolingError(f"The files in {folder} are not MNIST's; fetch them again into an empty folder.")
    return Dataset(
        train_images[:, None],
        train_labels.astype(np.int64),
        test_images[:, None],
        test_labels.astype(np.int64),
        classes=10,
    )


def load_cifar10(folder: Path) -> Dataset:
    """Read CIFAR-10's six binary files: 50,000 training and 10,000 test images of 32 by 32 RGB pixels, ten classes.

    Raises:
        FoolingError: a file is missing or damaged.
    """
    *train, test = (read_cifar_batch(path) for path in dataset_files("cifar10", folder))
    return Dataset(
        np.concatenate([images for images, _ in train]),
        np.concatenate([labels for _, labels in train]),
        *test,
        classes=10,
    )


_LOADERS: Mapping[str, Callable[[Path], Dataset]] = {"mnist": load_mnist, "cifar10": load_cifar10}
_FILES: Mapping[str, tuple[str, ...]] = {"mnist": MNIST_FILES, "cifar10": CIFAR10_FILES}


def read_cifar_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read one of CIFAR-10's binary files: images, uint8 (N, 3, 32, 32), and labels, int64 (N,).

    Each image is a byte for its label and 32 * 32 bytes each for red, green and blue.

    Raises:
        FoolingError: the file is missing, or is no such file.
    """
    content = _content(path)
    whole = len(content) - len(content) % _CIFAR_RECORD
    records = np.frombuffer(content[:whole], np.uint8).reshape(-1, _CIFAR_RECORD)
    if not len(records) or whole < len(content) or records[:, 0].max() > 9:
        raise FoolingError(f"{path} is damaged or not CIFAR-10's; delete it and fetch the data again.")
    return records[:, 1:].reshape(-1, 3, 32, 32).copy(), records[:, 0].astype(np.int64)


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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FoolingError(
            f"Cannot read {path} ({error.strerror}); fetch the data with python -m fooling.steps.data.fetch."
        ) from error
