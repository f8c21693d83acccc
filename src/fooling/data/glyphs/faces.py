"""The font files that glyphs are drawn from."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fooling.errors import FoolingError

SUFFIXES = (".otf", ".ttc", ".ttf")
CANVAS = 84
"""Side of the picture that a character is drawn on, three times that of the images."""
_EM = 66
"""Pixels of a font's em on it."""
_IN_NO_FONT = "\U0010ffff"
"""Unicode's last code point, which never gets a character: fonts draw what they draw for a missing one."""


@dataclass(frozen=True)
class Face:
    """A font; of a collection (.ttc) the first.

    Attributes:
        path: of its file.
        family: its family's name, as the file has it.
        style: its name in the family, such as `Bold`.
    """

    path: Path
    family: str
    style: str

    def __str__(self) -> str:
        return f"{self.family} {self.style} ({self.path})"

    def draw(self, characters: Sequence[str]) -> np.ndarray:
        """Draw characters in white on black, each in the middle of its picture.

        Returns:
            uint8 (characters, CANVAS, CANVAS).

        Raises:
            FoolingError: the font lacks a character, or draws nothing for it.
        """
        font = _open(self.path)
        missing = _picture(font, _IN_NO_FONT)
        drawn = np.empty((len(characters), CANVAS, CANVAS), np.uint8)
        for number, character in enumerate(characters):
            drawn[number] = _picture(font, character)
            if not drawn[number].any() or (drawn[number] == missing).all():
                raise FoolingError(f"{self} has no {character} (U+{ord(character):04X}); leave this font out.")
        return drawn


def font_files(places: Sequence[Path]) -> list[Path]:
    """Return the font files among `places`, in their order; of a folder those in it, by name.

    Raises:
        FoolingError: there is nothing at a place, a folder has no font, or a file is named twice.
    """
    files: list[Path] = []
    for place in places:
        with _reasons_told(place):
            if not place.exists():
                raise FoolingError(f"There is no font {place}; install it, or correct its path.")
            found = sorted(_fonts_in(place)) if place.is_dir() else [place]
        if not found:
            raise FoolingError(f"{place} holds no font; fonts end in {', '.join(SUFFIXES)}.")
        files += found
    repeated = [path for number, path in enumerate(files) if path in files[:number]]
    if repeated:
        raise FoolingError(f"The font {repeated[0]} is named twice; name it once.")
    return files


def read_face(path: Path) -> Face:
    """Return the font of a file.

    Raises:
        FoolingError: it is none that can be read.
    """
    family, style = _open(path).getname()
    return Face(path, family or path.stem, style or "")


def _fonts_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]


def _open(path: Path) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, _EM, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise FoolingError(f"{path} is no font that can be read ({error}); leave it out, or copy it again.") from error


def _picture(font: ImageFont.FreeTypeFont, character: str) -> np.ndarray:
    picture = Image.new("L", (CANVAS, CANVAS))
    left, top, right, bottom = font.getbbox(character)
    corner = ((CANVAS - left - right) / 2, (CANVAS - top - bottom) / 2)
    ImageDraw.Draw(picture).text(corner, character, fill=255, font=font)
    return np.asarray(picture)


@contextlib.contextmanager
def _reasons_told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FoolingError(f"{place} cannot be read ({error.strerror}); correct that first.") from error
