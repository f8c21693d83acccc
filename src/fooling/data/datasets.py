"""The data sets that networks are trained on, read from the folder where `fooling.steps.data.fetch` puts them."""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.errors import FoolingError
from fooling.settings.datasets import CIFAR10, DATASETS, MNIST


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
    def held_out(self) -> "HeldOut":
        """The test images."""
        return HeldOut(self.test_images, self.test_labels, self.classes, len(self.train_images))

    @property
    def mean_image(self) -> np.ndarray:
        """Mean of the training images, float32 (C, H, W) in 0-255 units, as Caffe's `compute_image_mean` makes it."""
        return self.train_images.mean(axis=0, dtype=np.float64).astype(np.float32)


@dataclass(frozen=True)
class HeldOut:
    """Real images that no network was trained on, to measure networks by.

    Attributes:
        images: uint8 (M, C, H, W).
        labels: int64 (M,), in 0 … classes - 1.
        classes: number of classes.
        training_images: how many training images the data set has beside them; 0 if it has none.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: int
    training_images: int

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of the images."""
        _, channels, height, width = self.images.shape
        return channels, height, width


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
    return [folder / file for file in DATASETS[name].files]


def load_mnist(folder: Path) -> Dataset:
    """Read MNIST's four idx files: 60,000 training and 10,000 test images of 28 by 28 pixels, ten classes.

    Raises:
        FoolingError: a file is missing or damaged, or the files do not belong together.
    """
    train_images, train_labels, test_images, test_labels = (
        read_idx(path) for path in dataset_files(MNIST.name, folder)
    )
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        fit = images.shape[1:] == MNIST.image_shape[1:] and labels.shape == images.shape[:1]
        if not fit or not len(images) or labels.max() >= MNIST.classes:
            raise FoolingError(f"The files in {folder} are not MNIST's; fetch them again into an empty folder.")
    return Dataset(
        train_images[:, None],
        train_labels.astype(np.int64),
        test_images[:, None],
        test_labels.astype(np.int64),
        MNIST.classes,
    )


def load_cifar10(folder: Path) -> Dataset:
    """Read CIFAR-10's six binary files: 50,000 training and 10,000 test images of 32 by 32 RGB pixels, ten classes.

    Raises:
        FoolingError: a file is missing or damaged.
    """
    *train, test = (read_cifar_batch(path) for path in dataset_files(CIFAR10.name, folder))
    return Dataset(
        np.concatenate([images for images, _ in train]),
        np.concatenate([labels for _, labels in train]),
        *test,
        classes=CIFAR10.classes,
    )


_LOADERS: Mapping[str, Callable[[Path], Dataset]] = {MNIST.name: load_mnist, CIFAR10.name: load_cifar10}
_CIFAR10_RECORD = 1 + math.prod(CIFAR10.image_shape)
"""Bytes of an image with its label."""


def read_cifar_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read one of CIFAR-10's binary files: images, uint8 (N, 3, 32, 32), and labels, int64 (N,).

    Each image is a byte for its label and 32 * 32 bytes each for red, green and blue.

    Raises:
        FoolingError: the file is missing, or is no such file.
    """
    content = _content(path)
    whole = len(content) - len(content) % _CIFAR10_RECORD
    records = np.frombuffer(content[:whole], np.uint8).reshape(-1, _CIFAR10_RECORD)
    if not len(records) or whole < len(content) or records[:, 0].max() >= CIFAR10.classes:
        raise FoolingError(f"{path} is damaged or not CIFAR-10's; delete it and fetch the data again.")
    return records[:, 1:].reshape(-1, *CIFAR10.image_shape).copy(), records[:, 0].astype(np.int64)


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
