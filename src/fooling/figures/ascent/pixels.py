"""Images of gradient ascent as figures show them: small enough to embed, and less the mean colour."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from fooling.artifacts.fooling_set import FoolingSet

EMBEDDED_PIXELS = 380_000
"""In one figure at most, since noise does not compress: a PNG then stays below 1.5 MB."""
MIDDLE_GREY = 128
SATURATED = 0.01
"""Share of the values that the scaling may cut off."""


def embedded_side(images: int, side: int) -> int:
    """Return the side in pixels at which to embed each of so many square images of `side` pixels."""
    return min(side, math.isqrt(EMBEDDED_PIXELS // images))


def shrink(images: np.ndarray, side: int) -> np.ndarray:
    """Return float32 (N, C, side, side), each pixel the mean of the area it covers."""
    values = images.astype(np.float32)
    if values.shape[-1] == side:
        return values
    small = [[Image.fromarray(channel).resize((side, side), Image.Resampling.BOX) for channel in i] for i in values]
    return np.stack([[np.asarray(channel) for channel in image] for image in small])


def subtract_means(runs: Sequence[FoolingSet], side: int) -> tuple[list[np.ndarray], int]:
    """Return the images of each run less the mean colour, scaled around mid-grey, and the factor of that scaling.

    The factor is one for all, the largest whole number that cuts off no more than a hundredth of the values.

    Args:
        runs: of gradient ascent; their origin has the mean colour.
        side: in pixels, to shrink them to.

    Returns:
        For each run uint8 (N, C, side, side), 128 where the image has the mean colour.

    Raises:
        FoolingError: a run is not of gradient ascent.
    """
    offsets = [shrink(run.images, side) - np.array(run.ascent.mean, np.float32)[:, None, None] for run in runs]
    extent = np.quantile(np.abs(np.concatenate([offset.ravel() for offset in offsets])), 1 - SATURATED)
    factor = max(1, int((MIDDLE_GREY - 1) / max(extent, 1.0)))
    scaled = [np.rint(MIDDLE_GREY + factor * offset).clip(0, 255).astype(np.uint8) for offset in offsets]
    return scaled, factor
