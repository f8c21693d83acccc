"""Settings of the ablation of repeated elements (paper, section 3.2, Figure 10)."""

from typing import Annotated

from pydantic import Field

from fooling.settings.base import Positive, Probability, Seed, Settings


class AblationSettings(Settings):
    """Which images are examined, and what counts as repetition."""

    least_confidence: Probability = 0.5
    """Only images that fool their network with at least this confidence."""
    images: Positive = 100
    """At most this many distinct images, the most confident ones."""
    least_correlation: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Correlation that counts as repetition: of an image with itself, shifted by a period, and of copy with copy."""
    controls: Positive = 3
    """Random erasures of equal area for each removal; their mean confidence is the control."""
    seed: Seed = 0
    """Seed of the random erasures."""
