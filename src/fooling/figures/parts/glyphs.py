"""Letters that the figures' own font lacks: taken from another installed font, or told once."""

import functools
import logging
import unicodedata
from collections.abc import Iterable

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

_PLACEHOLDER = "Last Resort"
"""A font that comes with matplotlib and draws a frame for every letter."""

log = logging.getLogger(__name__)


def find_glyphs(figure: Figure) -> None:
    """Give each text of a figure with letters that its font lacks further fonts; a log line names those of no font."""
    lacking: set[str] = set()
    for text in figure.findobj(Text):
        missing = _missing(text)
        if missing:
            fonts = further_fonts(missing)
            text.set_fontfamily([*text.get_fontfamily(), *fonts])
            lacking |= {letter for letter in missing if not any(ord(letter) in _letters_of(font) for font in fonts)}
    if lacking:
        names = ", ".join(f"{letter} ({unicodedata.name(letter, 'unnamed')})" for letter in sorted(lacking)[:5])
        log.warning(
            "No installed font has %s%s: frames stand for them; install one, such as Noto Sans.",
            names,
            f" and {len(lacking) - 5} more" if len(lacking) > 5 else "",
        )


def further_fonts(letters: Iterable[str]) -> list[str]:
    """Return the names of installed fonts that have these letters, those with most of them first."""
    left, names = {ord(letter) for letter in letters}, sorted({font.name for font in fontManager.ttflist})
    chosen = []
    while left and names:
        best = max(names, key=lambda name: len(left & _letters_of(name)))
        if not left & _letters_of(best):
            break
        chosen.append(best)
        left -= _letters_of(best)
    return chosen


def _missing(text: Text) -> set[str]:
    known = _letters_in(findfont(text.get_fontproperties()))
    return {letter for letter in text.get_text() if ord(letter) not in known and letter.isprintable()}


@functools.cache
def _letters_of(name: str) -> frozenset[int]:
    files = [font.fname for font in fontManager.ttflist if font.name == name and not name.startswith(_PLACEHOLDER)]
    return _letters_in(files[0]) if files else frozenset()


@functools.cache
def _letters_in(path: str) -> frozenset[int]:
    try:
        font = get_font(path)
        return frozenset(font.get_charmap()) if font.scalable else frozenset()
    except (OSError, RuntimeError):  # a damaged font, or of a kind that cannot be drawn
        return frozenset()
