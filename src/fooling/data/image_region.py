"""Reading a part of a photograph as a square: its middle, or a region that the caller chooses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.artifacts.image_file import read_pixels
from fooling.settings.datasets import IMAGENET

SIDE = IMAGENET.image_shape[1]
"""Of the square, as large as the images that are evolved."""

Region = tuple[float, float, float, float]
"""A part of an image: left, upper, right, lower, in pixels."""


def read_image(path: Path, side: int = SIDE) -> np.ndarray:
    """Read the middle square of an image in colour, resized (bicubic) to `side` pixels.

    Returns:
        uint8 (3, side, side).

    Raises:
        FoolingError: the file is no readable image.
    """
    return read_region(path, middle_square, side, Image.Resampling.BICUBIC)


def middle_square(width: int, height: int) -> Region:
    """Return the largest square in the middle of an image."""
    side = min(width, height)
    left, top = ((length - side) / 2 for length in (width, height))
    return left, top, left + side, top + side


def read_region(
    path: Path, choose: Callable[[int, int], Region], side: int, resampling: Image.Resampling
) -> np.ndarray:
    """Read a part of an image in colour, resized to `side` pixels.

    Args:
        path: the file.
        choose: returns the part for the image's width and height.
        side: in pixels.
        resampling: how to resize.

    Returns:
        uint8 (3, side, side).

    Raises:
        FoolingError: the file is no readable image.
    """

    def cut(picture: Image.Image) -> Image.Image:
        return picture.convert("RGB").resize((side, side), resampling, choose(*picture.size))

    return np.moveaxis(read_pixels(path, cut), -1, 0)
