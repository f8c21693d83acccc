"""Reading images that others made: any failure is one sentence, and no small file unpacks to fill the memory.

Of several frames the first one counts. Transparency is passed over, as torchvision's loaders do. So is a camera's note
(Exif) that the picture is to be turned: networks of ImageNet were trained and measured on pixels as they are stored.
"""

import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.errors import FoolingError

LARGEST = 50_000_000
"""Pixels of an image; so many take 150 MB."""
_GREY = {"1", "LA"}
_COLOURS = {"RGBA", "RGBX", "RGBa", "P", "PA", "CMYK", "YCbCr", "HSV"}
_DEEP_GREY = {"I;16", "I;16L", "I;16B", "I;16N"}
"""Modes of Pillow. Not here: `I` and `F`, of which no file says which number is white, and `LAB`."""


def read_pixels(path: Path, prepare: Callable[[Image.Image], Image.Image] = lambda picture: picture) -> np.ndarray:
    """Read an image as it is after `prepare`, which gets it in 8 bits, grey or RGB.

    Of 16 bits the upper 8 are kept.

    Returns:
        uint8 (H, W) or (H, W, 3).

    Raises:
        FoolingError: the file is no readable image, a larger one than `LARGEST`, or of a kind without known colours.
    """
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)  # opening a pipe would wait for ever
        mode, pixels = _read(path, prepare) if is_file else ("", None)
    except FoolingError:
        raise
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damaged bytes
        raise FoolingError(f"{path} is not a readable image ({error}); copy or make it again.") from error
    if not is_file:
        raise FoolingError(f"{path} is not a file; give an image.")
    if pixels is None or not pixels.size:
        raise FoolingError(
            f"{path} is not an image of 8 bits per channel in grey or RGB (Pillow calls it {mode}); convert it."
        )
    return pixels


def _read(path: Path, prepare: Callable[[Image.Image], Image.Image]) -> tuple[str, np.ndarray | None]:
    """Return the mode of an image and, if it can be had in 8 bits, its pixels after `prepare`."""
    with Image.open(path) as picture:
        if picture.width * picture.height > LARGEST:
            raise FoolingError(f"{path} has more than {LARGEST:,} pixels; make it smaller.")
        plain = _in_8_bits(picture)
        return picture.mode, None if plain is None else np.asarray(prepare(plain))


def _in_8_bits(picture: Image.Image) -> Image.Image | None:
    """Return an image in grey or RGB; None if it is of another kind."""
    if picture.mode in _DEEP_GREY:
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.mode in {"L", "RGB"}:
        return picture
    if picture.mode in _GREY:
        return picture.convert("L")
    return picture.convert("RGB") if picture.mode in _COLOURS else None
