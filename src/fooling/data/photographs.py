"""Labelled photographs that the foolbox package holds, and how a photograph becomes a square."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.artifacts.image_file import read_pixels
from fooling.errors import FoolingError

SIDE = 256
"""Of the square, as large as the images that are evolved."""

LabelledImage = tuple[Path, int]
"""An image's file and the class it shows, 0-999."""
Region = tuple[float, float, float, float]
"""A part of an image: left, upper, right, lower, in pixels."""


def photographs() -> list[LabelledImage]:
    """Return the twenty labelled ImageNet photographs that the foolbox package holds.

    Raises:
        FoolingError: the package is not installed or holds none.
    """
    package = importlib.util.find_spec("foolbox")  # importing it would take seconds
    folders = (package.submodule_search_locations if package is not None else None) or []
    paths = sorted(path for folder in folders for path in Path(folder, "data").glob("imagenet_*_*.jpg"))
    if not paths:
        raise FoolingError("The package foolbox, which holds the photographs, is not installed; install it.")
    return [(path, int(path.stem.rpartition("_")[2])) for path in paths]


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
