"""A share as a shaded cell with its percentage, of which matrices are made."""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from fooling.figures.parts.style import INK, LABEL_SIZE, SHARE_COLOURS
from fooling.results.wording import format_share


def draw_share(axes: Axes, share: float, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw a share in [0, 1] as a cell; `corner` is its upper left one on axes that count downwards."""
    (left, top), (width, height) = corner, size
    colour = mpl.colormaps[SHARE_COLOURS](0.05 + 0.8 * share)
    axes.add_patch(Rectangle((left, top), width, height, facecolor=colour, edgecolor="white", linewidth=0.8))
    text = axes.text(left + width / 2, top + height / 2, format_share(share), ha="center", va="center")
    text.set(size=LABEL_SIZE, color="white" if share > 0.6 else INK)
