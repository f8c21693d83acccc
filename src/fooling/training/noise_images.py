"""Images of noise with structure, as ACET takes them (Hein, Andriushchenko and Bitterwolf, CVPR 2019, section 4)."""

import torch
from torch import Tensor

LEAST_BLUR, MOST_BLUR = 1.0, 2.5
"""Standard deviation of the low-pass filter, in pixels; drawn for each image."""


def draw_noise(count: int, natural: Tensor, generator: torch.Generator) -> Tensor:
    """Draw noise: one half uniform, the other natural images whose pixels change places; blurred, then over all 0-255.

    Args:
        count: images to draw; of an odd number, one more is of the second kind.
        natural: float32 (B, C, H, W) in 0-255.
        generator: on the device of `natural`.

    Returns:
        float32 (count, C, H, W), each image from 0 to 255; black if all its pixels are equal.
    """
    device = natural.device
    half = count // 2
    uniform = 255 * torch.rand((half, *natural.shape[1:]), generator=generator, device=device)
    rows = torch.randint(len(natural), (count - half,), generator=generator, device=device)
    sharp = torch.cat([uniform, permute_pixels(natural[rows], generator)])
    deviation = torch.rand(count, generator=generator, device=device) * (MOST_BLUR - LEAST_BLUR) + LEAST_BLUR
    return stretch(blur(sharp, deviation))


def permute_pixels(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return images, (N, C, H, W), the pixels of each in an order of its own; the colours of a pixel stay together."""
    places = torch.rand((len(images), images[0, 0].numel()), generator=generator, device=images.device).argsort(dim=1)
    return images.flatten(2).gather(2, places[:, None].expand(-1, images.shape[1], -1)).view_as(images)


def blur(images: Tensor, deviation: Tensor) -> Tensor:
    """Return images, float32 (N, C, H, W), after Gaussian filters of these deviations, (N,), in pixels.

    At the border the filter is as much of the bell as lies in the image, and sums to 1.
    """
    down, across = (_bells(side, deviation) for side in images.shape[2:])
    return down[:, None] @ images @ across[:, None].mT


def _bells(side: int, deviation: Tensor) -> Tensor:
    """Return for each deviation, (N,), the weights of all places in each, (N, side, side)."""
    place = torch.arange(side, device=deviation.device, dtype=deviation.dtype)
    return (-0.5 * ((place[:, None] - place) / deviation[:, None, None]).square()).softmax(dim=2)


def stretch(images: Tensor) -> Tensor:
    """Return images, float32 (N, C, H, W), each so scaled that its pixels reach from 0 to 255; equal ones become 0."""
    low, high = images.amin(dim=(1, 2, 3), keepdim=True), images.amax(dim=(1, 2, 3), keepdim=True)
    return 255 * (images - low) / (high - low).clamp_min(torch.finfo(images.dtype).tiny)
