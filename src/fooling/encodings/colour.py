"""From the CPPN's three channels to RGB, in OpenCV's 8-bit conventions, as the authors' code uses them.

Each channel is a level 0-255. Hue counts in steps of two degrees, so that it wraps around after 180: the
authors' green and red palette comes from there. A level of RGB is `darkest + chroma * ramp`, where the
saturation and the value (or lightness) give the first two and the hue gives the third; all three are read
from tables, so that every device gives the same bytes.
"""

import functools

import numpy as np
import torch
from torch import Tensor

from fooling.encodings.kernel_cache import compiled


@functools.cache
def colour_tables(colour: str) -> tuple[np.ndarray, np.ndarray]:
    """Return ramp (256 hues, 3 primaries), and darkest beside chroma (256 second, 256 third levels, 2), float32.

    Darkest and chroma are in 0-255; darkest has the half added that rounds a truncated sum.

    Args:
        colour: `hsv` (paper) or `hls` (authors' code): the order of the channels.
    """
    # The position on the colour wheel of each primary, in sixths of a turn: red 5, green 3, blue 1.
    sixths = (np.arange(256)[:, None] / 30 + np.array([5, 3, 1])) % 6
    ramp = 1 - np.clip(np.minimum(sixths, 4 - sixths), 0, 1)
    second, third = np.meshgrid(np.arange(256) / 255, np.arange(256) / 255, indexing="ij")
    if colour == "hsv":
        saturation, value = second, third
        chroma = value * saturation
        darkest = value - chroma
    else:
        lightness, saturation = second, third
        chroma = (1 - np.abs(2 * lightness - 1)) * saturation
        darkest = lightness - chroma / 2
    shades = np.stack([darkest * 255 + 0.5, chroma * 255], axis=-1)
    return ramp.astype(np.float32), shades.astype(np.float32)


def to_rgb(levels: Tensor, colour: str) -> Tensor:
    """Convert uint8 (N, 3, P) in the order of `colour` to RGB, uint8 of the same shape.

    On a CPU the result takes the place of `levels`: touching new memory would take longer than converting.
    """
    if levels.device.type == "cpu":
        _convert(levels.numpy(), *colour_tables(colour))
        return levels
    return to_rgb_with_tensors(levels, colour)


def to_rgb_with_tensors(levels: Tensor, colour: str) -> Tensor:
    """Do the same on any device."""
    ramp, shades = (torch.from_numpy(table).to(levels.device) for table in colour_tables(colour))
    hue, second, third = levels.int().unbind(dim=1)
    darkest, chroma = shades[second, third].unbind(dim=-1)
    planes = [darkest + chroma * ramp[:, primary][hue] for primary in range(3)]
    return torch.stack(planes, dim=1).to(torch.uint8)


@compiled
def _convert(levels: np.ndarray, ramp: np.ndarray, shades: np.ndarray) -> None:
    for image in range(len(levels)):
        first, second, third = levels[image]
        for pixel in range(levels.shape[2]):
            primaries = ramp[first[pixel]]
            darkest, chroma = shades[second[pixel], third[pixel]]
            first[pixel] = np.int32(darkest + chroma * primaries[0])
            second[pixel] = np.int32(darkest + chroma * primaries[1])
            third[pixel] = np.int32(darkest + chroma * primaries[2])
