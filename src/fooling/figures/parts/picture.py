"""One image at its place on a page that is laid out in inches from the upper left corner."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from fooling.figures.parts.style import DPI, FAINT


def page(figure: Figure) -> Axes:
    """Return axes over the whole of `figure`, in inches from its upper left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    return axes


def draw_picture(
    axes: Axes, image: np.ndarray, left: float, top: float, side: float, *, edge: str = FAINT, width: float = 0.4
) -> None:
    """Draw an image, uint8 (C, H, W) with one or three channels, as a framed square of `side` inches on a `page`.

    It is stored with no more pixels than are printed.
    """
    pixels = np.moveaxis(np.broadcast_to(image, (3, *image.shape[1:])), 0, -1)
    dots = round(side * DPI)
    if max(pixels.shape) > dots:
        whole = Image.fromarray(np.ascontiguousarray(pixels))
        pixels = np.asarray(whole.resize((dots, dots), Image.Resampling.LANCZOS))
    extent = (left, left + side, top + side, top)
    axes.imshow(pixels, extent=extent, interpolation="auto", aspect="auto", zorder=5)
    axes.add_patch(Rectangle((left, top), side, side, fill=False, edgecolor=edge, linewidth=width, zorder=6))
