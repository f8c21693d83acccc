"""Reading images that others made: any failure is one sentence, and no small file unpacks to fill the memory."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.errors import FoolingError

LARGEST = 50_000_000
"""Pixels of an image; so many take 150 MB."""


def read_pixels(path: Path, prepare: Callable[[Image.Image], Image.Image] = lambda picture: picture) -> np.ndarray:
    """Read an image as it is after `prepare`: uint8 (H, W), or (H, W, C) for C channels.

    Raises:
        FoolingError: the file is no readable image, a larger one than `LARGEST`, or its pixels are not bytes.
    """
    try:
        with Image.open(path) as picture:
            few = picture.width * picture.height <= LARGEST
            pixels = np.asarray(prepare(picture)) if few else None
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damaged bytes
        raise FoolingError(f"{path} is not a readable image ({error}); copy or make it again.") from error
    if pixels is None:
        raise FoolingError(f"{path} has more than {LARGEST:,} pixels; make it smaller.")
    if pixels.dtype != np.uint8 or not pixels.size:
        raise FoolingError(f"{path} is not an image of 8 bits per channel; convert it.")
    return pixels
