"""Outlier exposure: equal confidence in all classes on fooling images (Hendrycks, Mazeika, Dietterich, ICLR 2019)."""

import torch
from torch import Tensor
from torch.nn import functional

from fooling.settings.cures import OutlierExposureSettings
from fooling.training.augmentation import flip_and_move
from fooling.training.cured import Judge, number_beside


class OutlierExposure:
    """A `Cure` whose images are those that fooled the networks before.

    Args:
        outliers: uint8 (M, C, H, W), on the device of the training.
        settings: weight of the loss and number of images.
        augment: whether they are mirrored and moved as the training images are.
    """

    def __init__(self, outliers: Tensor, settings: OutlierExposureSettings, *, augment: bool) -> None:
        self._outliers = outliers
        self._settings = settings
        self._augment = augment

    def images_beside(self, natural: Tensor, judge: Judge, generator: torch.Generator) -> Tensor:  # noqa: ARG002
        """See `Cure`; uint8, drawn with replacement."""
        shape = (number_beside(self._settings.share, len(natural)),)
        rows = torch.randint(len(self._outliers), shape, generator=generator, device=generator.device)
        drawn = self._outliers[rows]
        return flip_and_move(drawn, generator) if self._augment else drawn

    def loss(self, logits: Tensor) -> Tensor:
        """See `Cure`."""
        return self._settings.weight * entropy_to_uniform(logits)


def entropy_to_uniform(logits: Tensor) -> Tensor:
    """Return the mean cross-entropy from equal confidences to those of logits, float32 (N, classes); ln n at least."""
    return -functional.log_softmax(logits, dim=1).mean()
