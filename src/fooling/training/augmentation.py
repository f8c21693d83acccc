"""Other views of training images that show the same class."""

import torch
from torch import Tensor

PADDING = 4
"""Pixels by which an image is moved at most."""


def flip_and_move(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror each image with probability 1/2, and move it by up to `PADDING` pixels each way; black comes in.

    Args:
        images: uint8 (N, C, H, W).
        generator: on the device of the images.

    Returns:
        The images, uint8 (N, C, H, W), channels last in memory.
    """
    count, channels, height, width = images.shape
    device = images.device
    flipped = torch.randint(2, (count, 1), generator=generator, device=device, dtype=torch.bool)
    top, left = torch.randint(2 * PADDING + 1, (2, count, 1), generator=generator, device=device)
    columns = torch.arange(width, device=device)
    columns = left + torch.where(flipped, width - 1 - columns, columns)
    rows = top + torch.arange(height, device=device)
    # One gather of whole pixels from one long list of them is faster on a CPU than indexing by three tensors.
    padded_height, padded_width = height + 2 * PADDING, width + 2 * PADDING
    padded = images.new_zeros(count, padded_height, padded_width, channels)
    padded[:, PADDING:-PADDING, PADDING:-PADDING] = images.permute(0, 2, 3, 1)
    first = padded_height * padded_width * torch.arange(count, device=device)
    places = first[:, None, None] + padded_width * rows[:, :, None] + columns[:, None, :]
    moved = padded.flatten(0, 2).index_select(0, places.flatten())
    return moved.view(count, height, width, channels).permute(0, 3, 1, 2)
