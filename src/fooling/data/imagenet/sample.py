"""Photographs that stand for all of ILSVRC-2012 where retrained networks and detectors are measured."""

from pathlib import Path

import numpy as np

from fooling.data.class_folders import list_classes, training_folder
from fooling.data.datasets import HeldOut
from fooling.data.image_region import read_image
from fooling.data.photographs import photographs
from fooling.settings.datasets import IMAGENET


def load_imagenet_sample(root: Path, classes: int, image_shape: tuple[int, int, int]) -> tuple[HeldOut, list[Path]]:
    """Return the first validation image of each class, and their files.

    Args:
        root: with the folders `train` and `val`.
        classes: how many there are.
        image_shape: (3, S, S) of the images; the middle square of a photograph is resized to it.

    Raises:
        FoolingError: see `list_classes` and `read_image`.
    """
    train = list_classes(training_folder(str(root)), classes)
    test = list_classes(root / "val", classes)
    rows = np.unique(test.labels, return_index=True)[1]
    paths = [test.path(row) for row in rows]
    images = np.stack([read_image(path, image_shape[1]) for path in paths])
    return HeldOut(images, test.labels[rows], classes, len(train)), paths


def load_training_sample(
    root: Path, classes: int, image_shape: tuple[int, int, int], per_class: int
) -> tuple[np.ndarray, np.ndarray, list[Path]]:
    """Return the first training images of each class, uint8 (N, 3, S, S), their labels, int64 (N,), and their files.

    Args:
        root: with the folder `train`.
        classes: how many there are.
        image_shape: (3, S, S) of the images; the middle square of a photograph is resized to it.
        per_class: how many of each class, as far as it has so many.

    Raises:
        FoolingError: see `list_classes` and `read_image`.
    """
    train = list_classes(training_folder(str(root)), classes)
    place = np.arange(len(train)) - np.searchsorted(train.labels, train.labels)
    rows = np.flatnonzero(place < per_class)
    paths = [train.path(row) for row in rows.tolist()]
    return np.stack([read_image(path, image_shape[1]) for path in paths]), train.labels[rows], paths


def photograph_sample(image_shape: tuple[int, int, int]) -> tuple[HeldOut, list[Path]]:
    """Return the twenty photographs, beside which there are no training images, and their files.

    Args:
        image_shape: (3, S, S) of the images.

    Raises:
        FoolingError: the photographs are not installed.
    """
    labelled = photographs()
    images = np.stack([read_image(path, image_shape[1]) for path, _ in labelled])
    labels = np.array([label for _, label in labelled])
    return HeldOut(images, labels, IMAGENET.classes, 0), [path for path, _ in labelled]
