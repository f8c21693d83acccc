"""Photographs that stand for all of ILSVRC-2012 where retrained networks are measured."""

from pathlib import Path

import numpy as np

from fooling.data.class_folders import list_classes, training_folder
from fooling.data.datasets import Dataset
from fooling.data.imagenet.classes import CLASSES
from fooling.data.photographs import photographs, read_image


def load_imagenet_sample(root: Path, classes: int, image_shape: tuple[int, int, int]) -> tuple[Dataset, list[Path]]:
    """Return a data set whose test images are the first one of each class, and their files.

    Args:
        root: with the folders `train` and `val`.
        classes: how many there are.
        image_shape: (3, S, S) of the images; the middle square of a photograph is resized to it.

    Returns:
        The training images of the data set are black: only their number is of use.

    Raises:
        FoolingError: see `list_classes` and `read_image`.
    """
    train = list_classes(training_folder(str(root)), classes)
    test = list_classes(root / "val", classes)
    rows = np.unique(test.labels, return_index=True)[1]
    paths = [test.path(row) for row in rows]
    images = np.stack([read_image(path, image_shape[1]) for path in paths])
    black = np.broadcast_to(np.uint8(0), (len(train), *image_shape))
    return Dataset(black, train.labels, images, test.labels[rows], classes), paths


def photograph_sample(image_shape: tuple[int, int, int]) -> tuple[Dataset, list[Path]]:
    """Return a data set whose test images are the twenty photographs, without training images, and their files.

    Args:
        image_shape: (3, S, S) of the images.

    Raises:
        FoolingError: the photographs are not installed.
    """
    labelled = photographs()
    images = np.stack([read_image(path, image_shape[1]) for path, _ in labelled])
    labels = np.array([label for _, label in labelled])
    return Dataset(images[:0], labels[:0], images, labels, CLASSES), [path for path, _ in labelled]
