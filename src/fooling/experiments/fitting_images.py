"""The natural images that detectors are fitted to, and those that set their thresholds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.data.imagenet.sample import load_training_sample
from fooling.detection.threshold import check_enough
from fooling.experiments.held_out import load_held_out, load_own_dataset
from fooling.experiments.outliers import draw
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.datasets import IMAGENET


@dataclass(frozen=True)
class Natural:
    """Natural images of a network's data set.

    Attributes:
        training_images: uint8 (N, C, H, W), to fit detectors to; there may be none.
        training_labels: int64 (N,).
        test_images: uint8 (M, C, H, W), which the network was not trained on.
    """

    training_images: np.ndarray
    training_labels: np.ndarray
    test_images: np.ndarray


def load_natural(
    trained: TrainedNetwork, folder: Path | None, *, training_images: int, test_images: int, seed: int
) -> tuple[Natural, list[Path]]:
    """Return natural images of the data set of a network, and their files.

    Args:
        trained: the network.
        folder: of the data set; None takes the twenty photographs, which stand for ImageNet, and no training images.
        training_images: at most so many to fit detectors to.
        test_images: at most so many to judge them by.
        seed: of the draw, where there are more.

    Raises:
        FoolingError: see `load_held_out`; or there are too few test images for a threshold.
    """
    generator = np.random.default_rng(seed)
    held_out, files = load_held_out(trained, folder)
    test = held_out.images[draw(len(held_out.images), test_images, generator)]
    check_enough(len(test))
    if folder is None:
        return Natural(test[:0], held_out.labels[:0], test), files
    if trained.dataset == IMAGENET.name:
        per_class = max(1, training_images // trained.classes)
        images, labels, paths = load_training_sample(folder, trained.classes, trained.image_shape, per_class)
        return Natural(images, labels, test), files + paths
    dataset = load_own_dataset(trained, folder)
    rows = draw(len(dataset.train_images), training_images, generator)
    return Natural(dataset.train_images[rows], dataset.train_labels[rows], test), files
