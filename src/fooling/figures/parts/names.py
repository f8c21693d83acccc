"""The names of classes and what else users write, as figures show them: letter by letter, on one line."""

import textwrap
import unicodedata

from fooling.artifacts.origin import Origin
from fooling.data.class_names import class_name

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def class_title(origin: Origin, target: int) -> str:
    """Return the name of a class of the network that images fool, on one line."""
    return one_line(class_name(origin.dataset, target, origin.labels))


def one_line(text: str) -> str:
    """Return a text with its line breaks and tabs as spaces, and what cannot be drawn as a replacement character."""
    drawn = (
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cs"} else letter
        for letter in " ".join(text.split())
    )
    return "".join(drawn)


def shortened(text: str, letters: int) -> str:
    """Return a text of at most so many letters: whole words if the first one fits, else its beginning."""
    line = one_line(text)
    short = textwrap.shorten(line, letters, placeholder=ELLIPSIS)
    return f"{line[: letters - 1]}{ELLIPSIS}" if short == ELLIPSIS else short
