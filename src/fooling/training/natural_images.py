"""Images of CIFAR-10 that stand for natural ones where there is no ImageNet."""

from pathlib import Path

import numpy as np

from fooling.data.datasets import dataset_files, load_dataset
from fooling.errors import FoolingError
from fooling.settings.datasets import CIFAR10


def draw_natural_images(folder: Path, count: int, generator: np.random.Generator) -> tuple[np.ndarray, list[Path]]:
    """Draw training images without replacement, uint8 (count, 3, 32, 32) in the order of the data set.

    Args:
        folder: of CIFAR-10.
        count: how many to draw.
        generator: the only source of randomness.

    Returns:
        The images, and the files that they were read from.

    Raises:
        FoolingError: the data set has fewer, or cannot be read.
    """
    natural = load_dataset(CIFAR10.name, folder).train_images
    if count > len(natural):
        raise FoolingError(f"{folder} has {len(natural)} training images; lower natural_images.")
    rows = generator.choice(len(natural), count, replace=False)
    return natural[np.sort(rows)], dataset_files(CIFAR10.name, folder)
