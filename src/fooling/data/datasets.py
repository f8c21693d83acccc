"""The data sets that networks are trained on, read from the folder where `fooling.steps.data.fetch` puts them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fooling.data.formats import read_cifar100_file, read_cifar_batch, read_idx
from fooling.data.record_order import COARSE, FINE
from fooling.errors import FoolingError
from fooling.settings.datasets import CIFAR10, CIFAR100, CIFAR100_COARSE, DATASETS, GLYPHS, MNIST, DatasetFacts


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


def first_images(dataset: Dataset, images_per_class: int | None) -> Dataset:
    """Return a data set with the first training images of each class, and all test images; None takes all.

    Raises:
        FoolingError: a class has fewer.
    """
    if images_per_class is None:
        return dataset
    rows = [np.flatnonzero(dataset.train_labels == number)[:images_per_class] for number in range(dataset.classes)]
    for number, of_class in enumerate(rows):
        if len(of_class) < images_per_class:
            raise FoolingError(
                f"{images_per_class} training images of each class are asked for, but class {number} has "
                f"{len(of_class)}."
            )
    kept = np.sort(np.concatenate(rows))
    return replace(dataset, train_images=dataset.train_images[kept], train_labels=dataset.train_labels[kept])


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


def load_cifar100(folder: Path) -> Dataset:
    """Read CIFAR-100's two binary files: 50,000 training and 10,000 test images of 32 by 32 RGB pixels, 100 classes.

    Images are sorted by class, and within a class by the SHA-256 of their pixels.

    Raises:
        FoolingError: a file is missing or damaged.
    """
    return _load_cifar100(CIFAR100, FINE, folder)


def load_cifar100_coarse(folder: Path) -> Dataset:
    """Read the same images with their 20 superclasses as the classes, by which they are sorted.

    Raises:
        FoolingError: a file is missing or damaged.
    """
    return _load_cifar100(CIFAR100_COARSE, COARSE, folder)


def _load_cifar100(facts: DatasetFacts, label: int, folder: Path) -> Dataset:
    train, test = (read_cifar100_file(path, label) for path in dataset_files(facts.name, folder))
    return Dataset(*train, *test, facts.classes)


def load_glyphs(folder: Path) -> Dataset:
    """Read the two idx files of glyphs: images of 28 by 28 pixels, equally many of each of the thousand classes.

    The first dimension of a file is the class, the second counts its images. Images are sorted by class.

    Raises:
        FoolingError: a file is missing or damaged.
    """
    by_class = [read_idx(path) for path in dataset_files(GLYPHS.name, folder)]
    for images in by_class:
        classes, count, *sides = images.shape if images.ndim == 4 else (0, 0)
        if classes != GLYPHS.classes or not count or tuple(sides) != GLYPHS.image_shape[1:]:
            raise FoolingError(f"The files in {folder} are not those of glyphs; delete them and draw them again.")
    train, test = ((images.reshape(-1, *GLYPHS.image_shape), _labels(images)) for images in by_class)
    return Dataset(*train, *test, GLYPHS.classes)


def _labels(images: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(images.shape[0], dtype=np.int64), images.shape[1])


_LOADERS: Mapping[str, Callable[[Path], Dataset]] = {
    MNIST.name: load_mnist,
    CIFAR10.name: load_cifar10,
    CIFAR100.name: load_cifar100,
    CIFAR100_COARSE.name: load_cifar100_coarse,
    GLYPHS.name: load_glyphs,
}
