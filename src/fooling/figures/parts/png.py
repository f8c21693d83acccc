"""PNG files that are small without looking different."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

PALETTE = 256
"""Colours of a PNG that takes one byte for each pixel."""
FEW_COLOURS = 4096
"""Drawings and grey images have fewer colours; photographs and gradients have more, and keep them all."""
TOLERANCE = 8
"""How far any pixel's red, green or blue may be from its own, in 0-255."""


def write_png(path: Path, figure: Figure) -> None:
    """Write `figure` as PNG, opaque, at the resolution that matplotlib's settings ask for."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})
    image = Image.open(drawn)
    _few_colours(image.convert("RGB")).save(path, "png", optimize=True, dpi=image.info["dpi"])


def _few_colours(image: Image.Image) -> Image.Image:
    """Return `image` with a palette if that looks the same, else itself."""
    if image.getcolors(FEW_COLOURS) is None:
        return image
    # Of Pillow's methods the one that leaves out no colour for being rare.
    reduced = image.quantize(PALETTE, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    difference = np.abs(np.asarray(reduced.convert("RGB"), dtype=np.int16) - np.asarray(image))
    return reduced if difference.max() <= TOLERANCE else image
