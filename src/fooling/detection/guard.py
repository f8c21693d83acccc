"""A network guarded by a detector: images that the detector stops count for nothing, whatever the network says.

To evolution it is one more network. The guard knows its threshold before the first image, and the adversary learns of
it only what the fitness tells.
"""

import numpy as np
import torch
from torch import Tensor

from fooling.detection.detectors import Detector
from fooling.detection.observer import Observer
from fooling.detection.threshold import threshold
from fooling.errors import FoolingError
from fooling.networks.classifier import log_softmax

STOPPED = -1e30
"""No log-confidence lies below, and its exponential is 0."""


class GuardedClassifier:
    """A `Classifier` of a network and a detector, which lets 95 % of natural images pass.

    Args:
        observer: of the network.
        detector: fitted to it.
        natural: uint8 (N, C, H, W), natural images that the network was not trained on; they set the threshold.

    Attributes:
        threshold: the lowest score that passes.
        spread: standard deviation of the natural images' scores, the unit of distances to the threshold.

    Raises:
        FoolingError: there are too few natural images, or the detector gives all of them one score.
    """

    def __init__(self, observer: Observer, detector: Detector, natural: Tensor) -> None:
        self._observer, self._detector = observer, detector
        network = observer.classifier
        self.classes, self.image_shape, self.device = network.classes, network.image_shape, network.device
        self.input_shape, self.any_size = network.input_shape, network.any_size
        scores = detector.scores(observer(natural))
        self.threshold, self.spread = threshold(scores), float(scores.std())
        if self.spread == 0:
            raise FoolingError(
                f"The detector {detector.name} gives all {len(scores)} natural images one score, by which it stops "
                "none; choose another."
            )

    def logits(self, pixels: Tensor) -> Tensor:  # noqa: ARG002 (the protocol's)
        """Refuse: a guard has no gradient.

        Raises:
            FoolingError: always.
        """
        raise FoolingError("A guarded network has no gradients; use it for evolution, or take the network alone.")

    def log_confidence(self, images: Tensor) -> Tensor:
        """Map uint8 (N, C, H, W) to float32 (N, classes): the network's log-confidences where an image passes.

        Else, in all classes, a number far below, which is the higher the nearer the score is to the threshold; it is
        finite, as that of an elite must be.

        Raises:
            FoolingError: the network or the detector gives no numbers.
        """
        seen = self._observer(images)
        return guarded(log_softmax(seen.logits), self._detector.scores(seen), self.threshold, self.spread)

    def passes(self, images: Tensor) -> np.ndarray:
        """Map uint8 (N, C, H, W) to whether each image passes, bool (N,).

        Raises:
            FoolingError: see `log_confidence`.
        """
        return self._detector.scores(self._observer(images)) >= self.threshold


def guarded(log_confidence: Tensor, scores: np.ndarray, least: float, spread: float) -> Tensor:
    """Return log-confidences, float32 (N, classes), in which images that do not pass are below all that do.

    Args:
        log_confidence: of the network, float32 (N, classes).
        scores: of the detector, float64 (N,).
        least: the lowest score that passes.
        spread: the unit of distances to it, above 0.
    """
    with np.errstate(over="ignore"):
        distance = np.minimum((least - scores) / spread, np.finfo(np.float64).max)
    # Relative to STOPPED, so that float32 tells near distances apart, and by its logarithm, so that it holds far ones.
    fitness = STOPPED * (1 + np.log1p(np.maximum(distance, 0)))
    stopped = torch.from_numpy(scores < least).to(log_confidence.device)
    below = torch.from_numpy(fitness).to(log_confidence)
    return torch.where(stopped[:, None], below[:, None], log_confidence)
