"""From pixels to a network's input: subtract a mean image, scale."""

import torch
from torch import Tensor, nn


class Preprocessing(nn.Module):
    """`(pixels - mean) * scale` on pixel values 0-255.

    Args:
        mean: float32 (C, H, W) or any shape that broadcasts to it, in 0-255 units.
        scale: the factor.
    """

    mean: Tensor

    def __init__(self, mean: Tensor, scale: float) -> None:
        super().__init__()
        self.register_buffer("mean", mean.to(torch.float32))
        self.scale = scale

    def forward(self, pixels: Tensor) -> Tensor:
        """Map float32 (N, C, H, W) in 0-255 to the network's input of the same shape."""
        return (pixels - self.mean) * self.scale
