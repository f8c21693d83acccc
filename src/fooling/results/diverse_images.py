"""Fooling images that are unlike each other, chosen by a rule (paper, Figure 8)."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from fooling.artifacts.features import Features
from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.experiments.diversity import farthest_first

IMAGES = 40
LEAST_CONFIDENCE = 0.9
"""Of the images among which the rule chooses, if there are enough of them."""
CANDIDATES = 200
"""Among so many of the highest confidence it chooses otherwise."""


@dataclass(frozen=True)
class Choice:
    """Which images are shown.

    Attributes:
        rows: int64, among all images of the features, in the order of choice.
        confidence: float64, of the network that they fool.
        candidates: how many images there were to choose from.
        confident: whether all of these have the least confidence.
    """

    rows: np.ndarray
    confidence: np.ndarray
    candidates: int
    confident: bool


def choose_diverse(features: Features, confidence: np.ndarray) -> Choice:
    """Choose images that are unlike each other, starting with the most confident one.

    One image may hold several classes and counts once, with the class of its highest confidence.

    Args:
        features: of the images on another network.
        confidence: of the network that they fool, float64 (N,).
    """
    order = np.argsort(-confidence, kind="stable")
    _, first = np.unique(features.image[order], return_index=True)
    distinct = order[np.sort(first)]
    confident = distinct[confidence[distinct] >= LEAST_CONFIDENCE]
    enough = len(confident) >= IMAGES
    candidates = confident if enough else distinct[:CANDIDATES]
    rows = candidates[farthest_first(features.directions[candidates], 0, min(IMAGES, len(candidates)))]
    return Choice(rows, confidence[rows], len(candidates), enough)


def confidence_of(features: Features, fooling_sets: Collection[FoolingSet]) -> np.ndarray:
    """Return the confidence of each image of the features, float64 (N,); one fooling set need be held at a time.

    Raises:
        FoolingError: the features are of other sets.
    """
    if len(fooling_sets) != len(features.origins):
        raise FoolingError(
            f"The features are of {len(features.origins)} fooling sets, but {len(fooling_sets)} are given; "
            "give those of the step embed, in the same order."
        )
    parts = []
    for position, fooling_set in enumerate(fooling_sets):
        final = fooling_set.final()
        features.check_set(position, final)
        parts.append(final.confidence)
    return np.concatenate(parts)
