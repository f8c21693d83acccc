"""Retraining: images that fool one network become one more class of the next (paper, section 3.5).

A network of round 1 is the plain one, DNN1; that of round i, DNN_i, was trained with the images of the rounds before.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.data.datasets import Dataset
from fooling.errors import FoolingError


def sample_fooling_class(evolved: FoolingSet, images: int, generator: np.random.Generator) -> FoolingSet:
    """Draw the images of one round that join the fooling class: different ones, without replacement.

    Half come from the elites of generation 0 and half from those of the last generation. Few different images hold
    all cells of generation 0: where these are fewer than half, all are taken and the last generation gives the rest. An
    image that is among both counts as one of the first.

    Args:
        evolved: every run of the round, with the elites of generation 0.
        images: how many to draw.
        generator: the only source of randomness.

    Raises:
        FoolingError: the set holds fewer different images.
    """
    if not len(evolved):
        raise FoolingError("The fooling set of this round is empty; evolve it again.")
    ends = (0, evolved.generation.max())
    evolved = evolved.select(np.isin(evolved.generation, ends))
    order = np.argsort(evolved.generation, kind="stable")
    distinct = order[first_distinct(evolved.images[order])]
    first, last = (distinct[evolved.generation[distinct] == generation] for generation in ends)
    from_first = min(images // 2, len(first))
    from_last = images - from_first
    if from_last > len(last):
        raise FoolingError(
            f"{images} different images are asked for, but this round has {len(first)} of the first generation and "
            f"{len(last)} more of the last; ask for fewer images or evolve more runs."
        )
    rows = [generator.choice(first, from_first, replace=False), generator.choice(last, from_last, replace=False)]
    return evolved.select(np.sort(np.concatenate(rows)))


def with_fooling_class(dataset: Dataset, name: str, rounds: Sequence[FoolingSet]) -> Dataset:
    """Return the data set with one more class: the fooling images of all `rounds`, for training only.

    Args:
        dataset: of n classes; the new one is number n.
        name: of the data set.
        rounds: the images drawn in round 1, 2, …

    Raises:
        FoolingError: a set is empty, is not of its round, or has images or classes of another data set.
    """
    images = fooling_class(rounds, name, dataset.classes, dataset.image_shape)
    return replace(
        dataset,
        train_images=np.concatenate([dataset.train_images, images]),
        train_labels=np.concatenate([dataset.train_labels, np.full(len(images), dataset.classes)]),
        classes=dataset.classes + 1,
        fooling_rounds=len(rounds),
    )


def fooling_class(
    rounds: Sequence[FoolingSet], name: str, classes: int, image_shape: tuple[int, int, int]
) -> np.ndarray:
    """Return the images of a fooling class, uint8 (N, C, H, W), those of round 1 first.

    Args:
        rounds: the images drawn in round 1, 2, …
        name: of the data set that they join.
        classes: of it, without the fooling class.
        image_shape: (C, H, W) of the images that fool its networks.

    Raises:
        FoolingError: a set is empty, is not of its round, or has images or classes of another data set.
    """
    for number, fooling in enumerate(rounds, start=1):
        found = fooling.evolution.round
        if found != number:
            raise FoolingError(
                f"The fooling sets must come in the order of their rounds, but number {number} is of round {found}."
            )
        check_fits(fooling, f"The fooling set of round {number}", name, classes, image_shape)
    return np.concatenate([fooling.images for fooling in rounds])


def load_fooling_class(paths: Sequence[Path], name: str, classes: int, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Read the images of a fooling class, uint8 (N, C, H, W), from the files of round 1, 2, …; see `fooling_class`.

    Raises:
        FoolingError: see `load_fooling_set` and `fooling_class`.
    """
    return fooling_class([load_fooling_set(path) for path in paths], name, classes, image_shape)


def check_fits(fooling: FoolingSet, called: str, name: str, classes: int, image_shape: tuple[int, int, int]) -> None:
    """Check that fooling images are of a data set.

    Args:
        fooling: the images.
        called: what the sentence of an error begins with.
        name: of the data set.
        classes: of it, without a fooling class.
        image_shape: (C, H, W) of the images that fool its networks.

    Raises:
        FoolingError: they are none, or have images or classes of another data set.
    """
    origin, shape = fooling.origin, fooling.images.shape[1:]
    if not len(fooling):
        raise FoolingError(f"{called} is empty; make it again.")
    if (origin.dataset, origin.classes) != (name, classes):
        raise FoolingError(
            f"{called} aims at the {origin.classes} classes of {origin.dataset}, but the network learns "
            f"the {classes} of {name}."
        )
    if shape != image_shape:
        raise FoolingError(
            f"{called} has images of the shape {shape}, but those of {name} have {image_shape}; evolve it against a "
            "network of this data set."
        )
