"""What a network says of images, as far as detectors look at it: logits and features, computed once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.architectures import last_linear
from fooling.networks.classifier import NetworkClassifier, check_numbers
from fooling.networks.network_file import TrainedNetwork

PIXELS_AT_ONCE = 500_000
"""Of a batch: seven of ImageNet's images, whose gradients take memory, and hundreds of MNIST's."""
TOLERANCE = 1e-3
"""Largest difference between logits and those that the features give, relative to the logits' size."""


@dataclass(frozen=True)
class Observed:
    """Images and what a network says of them.

    Attributes:
        images: uint8 (N, C, H, W).
        logits: float32 (N, classes).
        features: float32 (N, D), inputs of the last linear layer; None where they do not make the logits.
    """

    images: Tensor
    logits: Tensor
    features: Tensor | None


def batches(images: Tensor) -> Sequence[Tensor]:
    """Return (N, C, H, W) images in parts that pass through a network at once, also where gradients are needed."""
    return images.split(max(1, PIXELS_AT_ONCE // images[0, 0].numel()))


class Observer:
    """Looks at images through one network.

    Args:
        trained: the network; its parameters are frozen.
        name: of the network, for messages.
        device: where to compute.

    Attributes:
        classifier: of the network.
        head: its last linear layer, which makes logits of features; None where they need more than that layer.

    Raises:
        FoolingError: the network has a class of fooling images, or judges several views of an image.
    """

    def __init__(self, trained: TrainedNetwork, name: str, device: torch.device) -> None:
        if trained.fooling_rounds:
            raise FoolingError(
                f"{name} has a class of fooling images, which is a detector of its own; give a network without one."
            )
        if trained.preprocessing.views > 1:
            raise FoolingError(
                f"{name} judges {trained.preprocessing.views} views of an image together, of which no detector knows; "
                "import it with one view."
            )
        self.name = name
        self.dataset = trained.dataset
        self.classifier = NetworkClassifier(trained, device)
        self.head = self._find_head(trained.network)

    def __call__(self, images: Tensor) -> Observed:
        """Look at uint8 (N, C, H, W) images.

        Raises:
            FoolingError: the network gives no numbers.
        """
        images = images.to(self.classifier.device)
        if self.head is None:
            return Observed(images, self._logits(images), None)
        with torch.inference_mode():
            features = self.classifier.features(images)
            logits = self.head(features)
        check_numbers(logits)
        return Observed(images, logits, features)

    @torch.inference_mode()
    def _logits(self, images: Tensor) -> Tensor:
        parts = [self.classifier.logits(part.to(torch.float32)) for part in batches(images)]
        logits = torch.cat(parts)
        check_numbers(logits)
        return logits

    def _find_head(self, network: nn.Module) -> nn.Linear | None:
        """Return the last linear layer if it alone makes the logits of the features, as a trial shows."""
        last = last_linear(network)
        if not isinstance(last, nn.Linear) or last.out_features != self.classifier.classes:
            return None
        generator = torch.Generator().manual_seed(0)
        trial = torch.randint(0, 256, (2, *self.classifier.image_shape), generator=generator, dtype=torch.uint8)
        trial = trial.to(self.classifier.device)
        with torch.inference_mode():
            logits, features = self._logits(trial), self.classifier.features(trial)
            if features.shape[1] != last.in_features:
                return None
            size = float(logits.abs().max())
            return last if torch.allclose(last(features), logits, rtol=0, atol=TOLERANCE * size) else None
