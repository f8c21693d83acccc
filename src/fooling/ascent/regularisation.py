"""What keeps the images of gradient ascent simple: decay, blur, and pixels set to zero (paper, section 3.7).

An image is handled as its offset from the mean image, so that zero is the mean's colour.
"""

import math

import torch
from torch import Tensor

from fooling.settings.ascent import AscentSettings

SMALLEST_BLUR = 0.3
"""Standard deviations below this, in pixels, do not blur (the authors' code)."""


def regularise(offset: Tensor, slope: Tensor, iteration: int, settings: AscentSettings) -> Tensor:
    """Return the images after one step's decay, blur and zeroing of pixels, in the authors' order.

    Args:
        offset: float32 (N, C, H, W), the images less the mean image, in 0-255 units.
        slope: float32 (N, C, H, W), gradient of the logarithm of the confidence by the pixels.
        iteration: its number from 0, since a blur may skip some.
        settings: the hyperparameters.
    """
    offset = offset * (1 - settings.decay)
    if settings.blur_sigma >= SMALLEST_BLUR and iteration % settings.blur_every == 0:
        offset = blur(offset, settings.blur_sigma)
    offset = _zero_below(offset, torch.linalg.vector_norm(offset, dim=1), settings.small_norm_percent)
    offset = _zero_below(offset, _benefit(slope, offset), settings.small_benefit_percent)
    return _zero_below(offset, _benefit(slope, offset).abs(), settings.small_absolute_benefit_percent)


def _benefit(slope: Tensor, offset: Tensor) -> Tensor:
    """Return each pixel's benefit (N, H, W) up to a factor p per image, which no percentile sees."""
    return -(slope * offset).sum(dim=1)


def _zero_below(offset: Tensor, score: Tensor, percent: float) -> Tensor:
    """Zero the pixels whose score (N, H, W) lies below its percentile within the image."""
    if percent == 0:
        return offset
    small = score < percentile(score.flatten(1), percent)[:, None, None]
    return offset.masked_fill(small[:, None], 0)


def percentile(values: Tensor, percent: float) -> Tensor:
    """Return each row's percentile, float32 (N,), interpolated linearly as `numpy.percentile` does.

    Args:
        values: float32 (N, M).
        percent: in [0, 100].
    """
    ordered = values.sort(dim=1).values
    position = (ordered.shape[1] - 1) * percent / 100
    below, above = ordered[:, math.floor(position)], ordered[:, math.ceil(position)]
    return below + (above - below) * (position - math.floor(position))


def blur(images: Tensor, sigma: float) -> Tensor:
    """Blur images, float32 (N, C, H, W), as `scipy.ndimage.gaussian_filter` does each channel.

    The borders are reflected (the edge pixel is repeated); the kernel ends at four standard deviations.
    """
    radius = int(4 * sigma + 0.5)
    reach = torch.arange(-radius, radius + 1, dtype=torch.float64)
    weights = torch.exp(-0.5 * (reach / sigma) ** 2)
    weights = weights / weights.sum()
    for axis in (2, 3):
        size = images.shape[axis]
        place = torch.arange(-radius, size + radius, device=images.device) % (2 * size)
        padded = images.index_select(axis, torch.where(place < size, place, 2 * size - 1 - place))
        images = torch.stack([padded.narrow(axis, k, size) * w for k, w in enumerate(weights.tolist())]).sum(dim=0)
    return images
