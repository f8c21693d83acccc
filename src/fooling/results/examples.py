"""Images of the classes that the paper opens with, the most confident one of each (paper, Figure 1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import Origin
from fooling.data.imagenet.classes import imagenet_classes
from fooling.errors import FoolingError

CLASSES = {
    "direct": ("robin", "cheetah", "armadillo", "lesser panda", "centipede", "peacock", "jackfruit", "bubble"),
    "cppn": (
        "king penguin",
        "starfish",
        "baseball",
        "electric guitar",
        "freight car",
        "remote control",
        "peacock",
        "African grey",
    ),
}
"""The paper's choice, by encoding."""


@dataclass(frozen=True)
class Example:
    """An image, uint8 (C, H, W), the name of the class it aims at, and the confidence in that class."""

    image: np.ndarray
    name: str
    confidence: float


@dataclass
class Examples:
    """The most confident image of each of the paper's classes, over the runs of one encoding.

    Attributes:
        origins: of the runs.
        best: by the class's number; a class of which there is no image is missing.
    """

    origins: list[Origin] = field(default_factory=list)
    best: dict[int, Example] = field(default_factory=dict)

    def in_order(self, method: str) -> list[Example]:
        """Return the images in the order in which the paper shows their classes."""
        return sorted(self.best.values(), key=lambda example: CLASSES[method].index(example.name))


def gather_examples(fooling_sets: Iterable[FoolingSet]) -> dict[str, Examples]:
    """Return the examples of each encoding; one set is held at a time.

    Raises:
        FoolingError: a set is not of ImageNet, or of neither encoding.
    """
    examples = {method: Examples() for method in CLASSES}
    for fooling_set in fooling_sets:
        method, dataset = fooling_set.origin.method, fooling_set.origin.dataset
        if method not in CLASSES or dataset != "imagenet":
            raise FoolingError(
                f"Figure 1 shows images that were evolved for ImageNet's classes, not of {dataset} by {method}; "
                "give fooling sets of evolution on ImageNet."
            )
        final, of_method = fooling_set.final(), examples[method]
        of_method.origins.append(fooling_set.origin)
        for row, target in enumerate(final.target.tolist()):
            name, confidence = imagenet_classes()[target].name, float(final.confidence[row])
            known = of_method.best.get(target)
            if name in CLASSES[method] and (known is None or confidence > known.confidence):
                of_method.best[target] = Example(final.images[row].copy(), name, confidence)
    return examples
