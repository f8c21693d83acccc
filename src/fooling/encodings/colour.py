"""From the CPPN's three channels to RGB, in OpenCV's 8-bit conventions, as the authors' code uses them.

Each channel is a level 0-255. Hue counts in steps of two degrees, so that it wraps around after 180: the
authors' green and red palette comes from there.
"""

import torch
from torch import Tensor


def to_rgb(channels: Tensor, colour: str) -> Tensor:
    """Convert uint8 (N, 3, ...) in `hsv` (paper) or `hls` (authors' code) order to RGB, uint8, the same shape."""
    hue, second, third = (channels[:, index].to(torch.float32) for index in range(3))
    if colour == "hsv":
        value = third / 255
        chroma = value * (second / 255)
        darkest = value - chroma
    else:
        lightness = second / 255
        chroma = (1 - (2 * lightness - 1).abs()) * (third / 255)
        darkest = lightness - chroma / 2
    # The position on the colour wheel of each primary, in sixths of a turn: red 5, green 3, blue 1.
    sixths = hue / 30
    planes = []
    for offset in (5, 3, 1):
        k = torch.remainder(sixths + offset, 6)
        ramp = torch.minimum(k, 4 - k).clamp(0, 1)
        planes.append(darkest + chroma * (1 - ramp))
    return (torch.stack(planes, dim=1) * 255 + 0.5).clamp(0, 255).to(torch.uint8)
