"""Features of fooling images on a network that they were not made against."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from fooling.artifacts.distinct import number_distinct
from fooling.artifacts.features import Features
from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier, NetworkClassifier
from fooling.progress import Progress

IMAGES_AT_ONCE = 100
"""Images between two looks at the clock."""


def embed(
    fooling_sets: Mapping[str, FoolingSet], classifier: Classifier, network: str, provenance: Mapping[str, Any]
) -> Features:
    """Compute the features of the final images of each set; equal images pass through the network once.

    Args:
        fooling_sets: by the name that messages give them; each is asked for twice, one after the other, so that a
            mapping which reads them need not hold them all.
        classifier: of one network.
        network: its name, as it would stand in a set's origin.
        provenance: to be kept with the features.

    Raises:
        FoolingError: the classifier is an ensemble, a set was made against this network, or its images do not
            fit; or there is no image.
    """
    if not isinstance(classifier, NetworkClassifier):
        raise FoolingError(f"{network} is an ensemble, which has no features of its own; give a single network.")
    numbers: dict[bytes, int] = {}
    columns, origins = [], []
    for position, (name, fooling_set) in enumerate(fooling_sets.items()):
        _check(name, fooling_set, classifier, network)
        final = fooling_set.final()
        image = number_distinct(final.images, numbers)
        columns.append(np.stack([np.full(len(final), position), final.target, final.run, image]))
        origins.append(fooling_set.origin)
    if not numbers:
        raise FoolingError("There is nothing to embed: the fooling sets hold no image.")
    position, target, run, image = np.concatenate(columns, axis=1)
    _, first = np.unique(image, return_index=True)
    parts, done = [], 0
    with Progress(f"Embedding on {network}", len(first), "distinct image") as progress:
        for number, fooling_set in enumerate(fooling_sets.values()):
            images = fooling_set.final().images
            rows = first[position[first] == number] - np.searchsorted(position, number)
            for begin in range(0, len(rows), IMAGES_AT_ONCE):
                pixels = torch.from_numpy(images[rows[begin : begin + IMAGES_AT_ONCE]]).to(classifier.device)
                parts.append(classifier.features(pixels).cpu().numpy())
                done += len(pixels)
                progress.update(done, done, lambda: f"{len(fooling_sets)} sets")
    return Features(np.concatenate(parts)[image], position, target, run, image, network, origins, provenance)


def _check(name: str, fooling_set: FoolingSet, classifier: Classifier, network: str) -> None:
    """Check that this network can judge the likeness of a set's images."""
    source = fooling_set.origin.network
    if source == network:
        raise FoolingError(f"{name} was made against {network}; likeness is judged by another network, so give one.")
    shape, taken = fooling_set.images.shape[1:], tuple(classifier.image_shape)
    if shape[0] != taken[0] or (shape != taken and not classifier.any_size):
        raise FoolingError(
            f"{name} holds images of the shape {shape}, but {network} takes {taken}; give a network of its data set."
        )
