"""From pixels to a network's input: one or ten views of the image, then subtract a mean, scale."""

import torch
from torch import Tensor, nn
from torch.nn import functional

CENTRE, TEN_CROPS = 1, 10
"""Numbers of views of an image: its centre; four corners and centre, each mirrored as well (authors' code)."""


class Preprocessing(nn.Module):
    """`(pixels - mean) * scale` on pixel values 0-255.

    Args:
        mean: float32 (C, H, W) or any shape that broadcasts to it, in 0-255 units.
        scale: the factor, or one for each channel.
        input_size: side of the network's square input; None takes images as they are, all of one size.
        views: of each image.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: Tensor, scale: float | Tensor, input_size: int | None = None, views: int = CENTRE) -> None:
        super().__init__()
        self.register_buffer("mean", mean.to(torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.input_size = input_size
        self.views = views

    def forward(self, pixels: Tensor) -> Tensor:
        """Map float32 (N, C, H, W) in 0-255 to the network's input, (N * views, C, S, S), an image's views together."""
        if self.input_size is not None:
            pixels = crops(pixels, self.input_size) if self.views == TEN_CROPS else crop(pixels, self.input_size)
        return (pixels - self.mean) * self.scale


def enlarged(pixels: Tensor, size: int) -> Tensor:
    """Return (N, C, H, W) images, bilinearly resized if a side is shorter than `size`, so that this side has it."""
    shorter = min(pixels.shape[-2:])
    if shorter >= size:
        return pixels
    height, width = (max(size, round(side * size / shorter)) for side in pixels.shape[-2:])
    return functional.interpolate(pixels, (height, width), mode="bilinear", align_corners=False, antialias=False)


def crop(pixels: Tensor, size: int) -> Tensor:
    """Cut the centre out of (N, C, H, W) images; smaller ones are resized first."""
    pixels = enlarged(pixels, size)
    top, left = ((side - size) // 2 for side in pixels.shape[-2:])
    return pixels[..., top : top + size, left : left + size]


def crops(pixels: Tensor, size: int) -> Tensor:
    """Cut four corners and the centre out of (N, C, H, W) images, and mirror each: (10 * N, C, size, size)."""
    pixels = enlarged(pixels, size)
    bottom, right = (side - size for side in pixels.shape[-2:])
    places = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    five = torch.stack([pixels[..., top : top + size, left : left + size] for top, left in places], dim=1)
    return torch.cat([five, five.flip(-1)], dim=1).flatten(0, 1)
