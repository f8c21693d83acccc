"""The images of a run again, from its elites' genomes alone: a thousand images fit in a megabyte of genomes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from fooling.artifacts.fooling_set import FoolingSet
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.evolution.find_ancestors import Recorded
from fooling.networks.classifier import Classifier, score_distinct


def draw_again(recorded: Recorded, classifier: Classifier, network: str, record: Mapping[str, Any]) -> FoolingSet:
    """Return the last elites of a run of CPPN evolution as images, with the confidence of a network in each.

    Args:
        recorded: the run.
        classifier: of the network; its images' size is that of the drawings. With the network of the run they are the
            run's own, byte for byte.
        network: its name.
        record: the provenance of the step.

    Raises:
        FoolingError: the genomes are no sound graphs, draw in other colours than the network sees, or aim at classes
            that it has not.
    """
    origin = recorded.lineage.origin
    if classifier.classes < origin.classes:
        raise FoolingError(
            f"The images aim at {origin.classes} classes, but {network} has {classifier.classes}; give a network like "
            f"{origin.network}, which they fool."
        )
    target, images = drawn_elites(recorded, classifier.image_shape)
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


def drawn_elites(recorded: Recorded, image_shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes that have an elite, int64 (N,), and its image, uint8 (N, C, H, W).

    Args:
        recorded: the run.
        image_shape: (C, H, W) of the images.

    Raises:
        FoolingError: the genomes are no sound graphs, or draw in other colours.
    """
    encoding = CppnEncoding(image_shape, recorded.settings)
    population = Population({name: torch.from_numpy(genes) for name, genes in recorded.genomes.items()})
    if not encoding.holds(population):
        raise FoolingError(
            f"The genomes are damaged, or not of images of {image_shape[0]} channels; copy them again, or give a "
            f"network like {recorded.lineage.origin.network}, which they fool."
        )
    target = np.flatnonzero(recorded.lineage.elites >= 0)
    held = {name: genes[torch.from_numpy(target)] for name, genes in population.tensors.items()}
    return target, encoding.render(Population(held)).numpy()
