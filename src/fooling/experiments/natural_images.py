"""Natural images, whose confidence the paper sets beside that of fooling images (paper, section 3.2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import torch

from fooling.data.image_region import SIDE, read_image
from fooling.data.photographs import LabelledImage
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier
from fooling.settings.datasets import IMAGENET

IMAGES_AT_ONCE = 200
"""Of natural images in memory: 40 MB."""
COLUMNS = ["source", "network", "image", "label", "confidence", "top_label", "top_confidence", "right"]


def check_classifiers(classifiers: Mapping[str, Classifier]) -> None:
    """Check that every network, given by its name, can judge ImageNet's photographs.

    Raises:
        FoolingError: one has fewer than 1000 classes, or takes neither any size nor (3, 256, 256).
    """
    for name, classifier in classifiers.items():
        if classifier.classes < IMAGENET.classes:
            raise FoolingError(f"{name} has {classifier.classes} classes, but ImageNet has 1000; give its networks.")
        channels = classifier.image_shape[0]
        if channels != 3 or not (classifier.any_size or classifier.image_shape == (3, SIDE, SIDE)):
            shape = tuple(classifier.image_shape)
            raise FoolingError(f"{name} takes images of the shape {shape}, not photographs; give ImageNet networks.")


def score_natural(
    images: Sequence[LabelledImage],
    classifiers: Mapping[str, Classifier],
    source: str,
    told: Callable[[int], None] = lambda _: None,
) -> pd.DataFrame:
    """Score natural images.

    Args:
        images: what to score.
        classifiers: by the network's name.
        source: where the images are from, a word for the table.
        told: called with the number of images that are scored so far.

    Returns:
        One row per network and image: source, network, image (its file's name), label, confidence in this class,
        top_label and top_confidence (the class that the network finds most likely), right (1 if that is the label).

    Raises:
        FoolingError: see `check_classifiers` and `read_image`.
    """
    check_classifiers(classifiers)
    parts = []
    done = 0
    told(done)
    for batch in _batches(images):
        pixels = np.stack([read_image(path) for path, _ in batch])
        for network, classifier in classifiers.items():
            scores = classifier.log_confidence(torch.from_numpy(pixels).to(classifier.device)).cpu().double().exp()
            parts.append(_rows(batch, scores.numpy()).assign(source=source, network=network))
        done += len(batch)
        told(done)
    table = pd.concat(parts)
    rank = {name: number for number, name in enumerate(classifiers)}
    return table.sort_values("network", key=lambda names: names.map(rank), kind="stable", ignore_index=True)[COLUMNS]


def _batches(images: Sequence[LabelledImage]) -> Iterator[Sequence[LabelledImage]]:
    for begin in range(0, len(images), IMAGES_AT_ONCE):
        yield images[begin : begin + IMAGES_AT_ONCE]


def _rows(batch: Sequence[LabelledImage], confidence: np.ndarray) -> pd.DataFrame:
    """Return the rows of one network; `confidence` is float64 (N, classes)."""
    names, labels = [path.name for path, _ in batch], np.array([label for _, label in batch])
    top, rows = confidence.argmax(axis=1), np.arange(len(batch))
    return pd.DataFrame(
        {
            "image": names,
            "label": labels,
            "confidence": confidence[rows, labels],
            "top_label": top,
            "top_confidence": confidence[rows, top],
            "right": (top == labels).astype(np.int64),
        }
    )
