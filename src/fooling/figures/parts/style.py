"""The one look of all pictures: type, sizes, colours, and how they are saved."""

import contextlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import matplotlib as mpl
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from fooling.artifacts.storage import save_with
from fooling.errors import FoolingError
from fooling.figures.parts.glyphs import find_glyphs
from fooling.figures.parts.png import write_png

PAGE_WIDTH = 7.0
"""Inches; the text width of a two-column paper, and legible when a README shrinks it to 900 pixels."""
MARGIN = 0.06
"""Inches around a figure."""
DPI = 300

TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 9.0, 7.0, 6.0
"""Points."""
INK, QUIET, FAINT, WARNING = "#1a1a1a", "#666666", "#bfbfbf", "#b34700"
"""Text, secondary text, lines, and what misses the threshold; the last is told from ink by lightness too."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's, which colour-blind readers can tell apart."""
METHOD_COLOURS = {"direct": "#0072b2", "cppn": "#d55e00", "ascent": "#009e73"}
"""Of the same palette."""
SHARE_COLOURS = "Blues"
"""Colour map of shares in [0, 1]: one hue, evenly darker, also in grey print."""

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every glyph that a PDF takes in

_RC = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, hence the same on every machine
    "font.size": LABEL_SIZE,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": LABEL_SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": LABEL_SIZE,
    "axes.titleweight": "bold",
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.5,
    "image.composite_image": False,  # joining hundreds of images into one takes long
    "legend.fontsize": LABEL_SIZE,
    "legend.edgecolor": "none",
    "legend.fancybox": False,
    "legend.framealpha": 0.9,
    "lines.linewidth": 1.4,
    "xtick.color": QUIET,
    "xtick.labelcolor": INK,
    "xtick.labelsize": SMALL_SIZE,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.color": QUIET,
    "ytick.labelcolor": INK,
    "ytick.labelsize": SMALL_SIZE,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
    "pdf.fonttype": 42,
    "savefig.dpi": DPI,
    "svg.hashsalt": "fooling",
    "text.parse_math": False,  # a name with dollars is no formula; what is one says so
}
_TICKS = 100
"""More than an axis has."""
_METADATA: dict[str, dict[str, str | None]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
"""By format; without the date, which would differ at every drawing."""


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw in the common style; use it as a decorator of a drawing function."""
    with mpl.rc_context({**mpl.rcParamsDefault, **_RC}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # `find_glyphs` tells it once
        yield


def write_powers(axis: Axis) -> None:
    """Let the numbers at an axis whose scale is logarithmic be formulas, as powers of 10 are."""
    for tick in (*axis.get_major_ticks(_TICKS), *axis.get_minor_ticks(_TICKS)):
        tick.label1.set_parse_math(True)


def line_height(size: float) -> float:
    """Return the height in inches of a line of text of `size` points."""
    return 1.28 * size / 72


def heading_height(lines: int) -> float:
    """Return the height in inches of a title and `lines` of subtitle, with the space beneath them."""
    return line_height(TITLE_SIZE) + lines * line_height(LABEL_SIZE) + 0.1


def draw_heading(figure: Figure, title: str, *subtitle: str) -> None:
    """Write a title and the lines of a subtitle at the upper left of `figure`."""
    width, height = figure.get_size_inches()
    top = MARGIN
    figure.text(MARGIN / width, 1 - top / height, title, size=TITLE_SIZE, weight="bold", va="top")
    top += line_height(TITLE_SIZE) + 0.03
    for line in subtitle:
        figure.text(MARGIN / width, 1 - top / height, line, size=LABEL_SIZE, color=QUIET, va="top")
        top += line_height(LABEL_SIZE)


@style()
def save_figure(figure: Figure, paths: Sequence[Path]) -> None:
    """Write `figure` to each of `paths` as PNG, SVG or PDF, by suffix; equal figures give equal bytes.

    Raises:
        FoolingError: a suffix is none of these, or a file cannot be written.
    """
    for path in paths:
        if path.suffix not in _METADATA:
            raise FoolingError(f"Cannot draw {path}: a figure's name must end in {', '.join(_METADATA)}.")
    find_glyphs(figure)
    for path in paths:
        write = partial(figure.savefig, metadata=_METADATA[path.suffix])
        save_with(path, partial(write_png, figure=figure) if path.suffix == ".png" else write)
