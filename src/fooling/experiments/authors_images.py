"""The images that the paper's authors published, as fooling sets of a network of ours, which scores them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import AUTHORS, AuthorsOrigin
from fooling.data.authors_folder import GENERATIONS, AuthorsRun
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier, score_distinct
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.datasets import IMAGENET


def check_scorer(name: str, trained: TrainedNetwork, *, names_tell: bool) -> None:
    """Check that a network can score the authors' images.

    Args:
        name: of the network.
        trained: the network, or the first one of an ensemble.
        names_tell: whether the files' names tell the classes that the images aim at, which are ImageNet's.

    Raises:
        FoolingError: it takes no square images in colour, or other classes are needed than it has.
    """
    channels, height, width = trained.image_shape
    if channels != 3 or height != width:
        shape = trained.image_shape
        raise FoolingError(
            f"{name} takes images of the shape {shape}, not square ones in colour; give another network."
        )
    if names_tell and (trained.dataset, trained.real_classes) != (IMAGENET.name, IMAGENET.classes):
        raise FoolingError(
            f"The authors' images aim at the {IMAGENET.classes} classes of ImageNet, but {name} knows the "
            f"{trained.real_classes} of {trained.dataset}; give a network of ImageNet."
        )


def score_authors_run(
    run: AuthorsRun, classifier: Classifier, name: str, trained: TrainedNetwork, record: Mapping[str, Any]
) -> tuple[FoolingSet, np.ndarray]:
    """Return the images of a run in the size that a network takes, and which class it finds most likely.

    Each image aims at the class that its file's name tells, or, if names tell none, at the network's first choice. The
    network's confidence in that class is the set's; CaffeNet, which the images were evolved against, is not here.

    Args:
        run: of the authors.
        classifier: of the network.
        name: of the network.
        trained: the network itself, or the first one of an ensemble, which `check_scorer` has passed.
        record: the provenance of the step.

    Returns:
        The fooling set, and the network's first choice for each image, int64 (N,), among its real classes.

    Raises:
        FoolingError: see `AuthorsRun.images`.
    """
    images = run.images(trained.image_shape[1])
    scores = score_distinct(classifier, images)
    choice: np.ndarray = scores[:, : trained.real_classes].argmax(axis=1)
    target = choice if run.claims is None else run.claims.target
    count = len(images)
    generation = np.full(count, GENERATIONS)
    origin = AuthorsOrigin(
        method=AUTHORS,
        network=name,
        dataset=trained.dataset,
        classes=trained.real_classes,
        **trained.named_classes,
        generations=GENERATIONS,
        targets="first_choice" if run.claims is None else "file_names",
    )
    fooling_set = FoolingSet(
        images=images,
        target=target,
        log_confidence=scores[np.arange(count), target],
        generation=generation,
        born=generation,
        run=np.full(count, run.number),
        origin=origin,
        provenance=record,
    )
    return fooling_set, choice
