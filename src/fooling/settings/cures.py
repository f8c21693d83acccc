"""Settings of cures for fooling that give a retrained network no class of fooling images."""

from typing import Annotated, Literal

from pydantic import Field

from fooling.settings.base import Positive, Settings

CureName = Literal["outlier_exposure", "acet"]


class OutlierExposureSettings(Settings):
    """Outlier exposure (Hendrycks et al. 2019); the defaults are those of its authors for images."""

    weight: Annotated[float, Field(gt=0)] = 0.5
    """Factor on the cross-entropy between equal confidence in all classes and the confidences in fooling images."""
    share: Annotated[float, Field(gt=0, le=4)] = 1.0
    """Fooling images beside each training batch, as a share of its size; they are drawn with replacement."""


class AcetSettings(Settings):
    """Adversarial confidence enhancement training (Hein et al. 2019), with fewer noise images and steps than theirs."""

    weight: Annotated[float, Field(gt=0)] = 1.0
    """Factor on the largest log-confidence in noise images, after their ascent."""
    share: Annotated[float, Field(gt=0, le=4)] = 0.5
    """Noise images beside each training batch, as a share of its size; the authors have 1."""
    radius: Annotated[float, Field(gt=0, le=1)] = 0.3
    """How far ascent may move each pixel of a noise image, as a share of the range 0-255."""
    steps: Positive = 5
    """Steps of that ascent; the authors take 40."""
