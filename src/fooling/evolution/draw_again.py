"""The images of a run again, from its elites' genomes alone: a thousand images fit in a megabyte of genomes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.evolution.recorded import Recorded
from fooling.networks.classifier import Classifier, score_distinct


def draw_again(recorded: Recorded, classifier: Classifier, network: str, record: Mapping[str, Any]) -> FoolingSet:
    """Return the last elites of a run as images, with the confidence of a network in each.

    Args:
        recorded: the run.
        classifier: of the network; its images' size is that of the drawings. With the network of the run they are the
            run's own, byte for byte.
        network: its name.
        record: the provenance of the step.

    Raises:
        FoolingError: the genomes are not sound, not of images that the network sees, or aim at classes that it has not.
    """
    origin = recorded.lineage.origin
    if classifier.classes < origin.classes:
        raise FoolingError(
            f"The images aim at {origin.classes} classes, but {network} has {classifier.classes}; give a network like "
            f"{origin.network}, which they fool."
        )
    target, images = recorded.draw(classifier.image_shape)
    scores = score_distinct(classifier, images)
    return FoolingSet(
        images=images,
        target=target,
        log_confidence=scores[np.arange(len(target)), target],
        generation=np.full(len(target), recorded.settings.generations),
        born=recorded.lineage.elites[target] // recorded.settings.batch,
        run=np.full(len(target), recorded.lineage.run),
        origin=origin.model_copy(update={"network": network}),
        provenance=record,
    )
