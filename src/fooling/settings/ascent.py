"""Settings of gradient ascent (paper, section 3.7; the authors' `find_fooling_image.py`)."""

from typing import Annotated, Literal

from pydantic import Field

from fooling.settings.base import Name, Positive, Probability, Seeds, Settings
from fooling.settings.runs import Runs

Percent = Annotated[float, Field(ge=0, le=100)]
Classes = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class AscentSettings(Settings):
    """One named set of the authors' hyperparameters; the defaults are set -1 (no regularisation)."""

    iterations: Positive = 500
    """Forward passes; the image is updated after each but the last."""
    rule: Literal["progress", "fixed_length"] = "progress"
    """Whether a step aims at a progress of the confidence (the authors), or has a fixed length."""
    step_length: Annotated[float, Field(gt=0)] = 500.0
    """Euclidean length of a step in grey levels of 0 to 255, used only by the rule `fixed_length`."""
    early_step: Annotated[float, Field(gt=0)] = 0.02
    """Largest progress of the confidence aimed at in one step."""
    late_step: Annotated[float, Field(gt=0)] = 0.1
    """Largest progress as a fraction of the confidence still missing."""
    decay: Probability = 0.0
    """L2 decay: the part of the image that is taken away after each step."""
    blur_sigma: Annotated[float, Field(ge=0)] = 0.0
    """Standard deviation of the Gaussian blur in pixels; below 0.3 nothing is blurred."""
    blur_every: Positive = 1
    """Steps between two blurs."""
    small_norm_percent: Percent = 0.0
    """Percentile of the pixels' norm below which they are set to zero."""
    small_benefit_percent: Percent = 0.0
    """The same for the benefit, the loss of the confidence without the pixel (to first order)."""
    small_absolute_benefit_percent: Percent = 0.0
    """The same for the benefit's absolute value."""
    stop_confidence: Annotated[float, Field(gt=0, lt=1)] | None = 0.9999
    """Freeze an image once it reaches this confidence (the paper); null runs on (the released code)."""


class AscentImages(Settings):
    """The images of one ascent: each class from each start image."""

    classes: Classes
    """The classes aimed at."""
    seeds: Annotated[Seeds, Field(min_length=1)]
    """Seeds of the start images."""


class AscentRuns(Settings):
    """Gradient ascent of one experiment."""

    runs: Runs
    """For each network to fool, by name, the seeds of the start images."""
    classes: Classes
    """The classes aimed at."""
    sets: Annotated[dict[Name, AscentSettings], Field(min_length=1)]
    """The named sets of hyperparameters; the authors' are -1 (here `minus_1`), 169, 188 and 360."""
