"""What a network says of pictures: its most confident classes, by name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from fooling.data.class_names import class_name
from fooling.errors import FoolingError
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import TrainedNetwork

TOP = 3
"""Classes that are told of each picture, as in Figure 3 of the paper."""


@dataclass(frozen=True)
class Verdict:
    """The most confident classes of some pictures.

    Attributes:
        classes: int64 (N, 3), most confident first.
        confidence: float64 (N, 3), in [0, 1].
        names: of the same classes.
    """

    classes: np.ndarray
    confidence: np.ndarray
    names: list[list[str]]


class Judge:
    """A network, or an ensemble of several, that names pictures.

    Args:
        networks: one, or the members of an ensemble.
        name: how to call it.
        device: where to compute.

    Raises:
        FoolingError: the network takes grey images.
    """

    def __init__(self, networks: Sequence[TrainedNetwork], name: str, device: torch.device) -> None:
        self.name = name
        self.image_shape = networks[0].image_shape
        if self.image_shape[0] != 3:
            raise FoolingError(f"{name} takes grey images, but bred pictures are in colour; give another network.")
        self._names = _class_names(networks[0])
        self._classifier = classifier_of(networks, device)

    def judge(self, images: torch.Tensor) -> Verdict:
        """Return the verdict on uint8 (N, 3, H, W) images of `image_shape`."""
        log_confidence = self._classifier.log_confidence(images.to(self._classifier.device)).cpu()
        best, classes = log_confidence.double().topk(min(TOP, self._classifier.classes), dim=1)
        names = [[self._names[number] for number in row] for row in classes.tolist()]
        return Verdict(classes.numpy(), best.exp().numpy(), names)


def _class_names(network: TrainedNetwork) -> list[str]:
    if network.labels:
        return list(network.labels)
    names = [class_name(network.dataset, number) for number in range(network.real_classes)]
    return [*names, "fooling image"] if network.fooling_rounds else names
