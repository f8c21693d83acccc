"""Labelled photographs that the foolbox package holds, and how a photograph becomes a square."""

import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.errors import FoolingError
from fooling.image_file import read_pixels

SIDE = 256
"""Of the square, as large as the images that are evolved."""

LabelledImage = tuple[Path, int]
"""An image's file and the class it shows, 0-999."""


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


def read_image(path: Path) -> np.ndarray:
    """Read the middle square of an image in colour, resized (bicubic) to 256 pixels.

    Returns:
        uint8 (3, 256, 256).

    Raises:
        FoolingError: the file is no readable image.
    """
    return np.moveaxis(read_pixels(path, _middle_square), -1, 0)


def _middle_square(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = ((length - side) / 2 for length in picture.size)
    middle = (left, top, left + side, top + side)
    return picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC, middle)
