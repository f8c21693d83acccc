"""The images of the gallery as files: each distinct one once, in sheets of many, and alone where a sheet loses detail.

Small images stand in sheets without loss. Large ones are made smaller there; the page draws those of CPPNs from their
genomes, byte for byte, and of the others the most confident are written in full beside the sheets.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.artifacts.pngs import as_picture
from fooling.artifacts.storage import save_with

SMALL = 64
"""Pixels on a side up to which sheets hold the image itself."""
TILE = 128
"""Pixels on a side of a larger image's place in a sheet."""
SHEET = {True: 32, False: 8}
"""Images in a row of a sheet, and rows, where it is without loss, and where it is not."""
QUALITY = 75
"""Of JPEG; a sheet of noise takes 6 kB an image, one of CPPNs 4 kB."""

IN_SHEET, FROM_GENOME, IN_FILE, REDUCED = range(4)
"""Where the page finds the image itself: `REDUCED` is one of which it shows the small version alone."""


@dataclass
class Sheet:
    """Images of one shape, in rows; written when it is full.

    Attributes:
        name: of its file.
        tile: pixels on a side of an image's place.
        columns: images in a row.
        places: the images so far.
    """

    name: str
    tile: int
    columns: int
    places: list[Image.Image] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the sheet, only as high as it is filled."""
        rows = -(-len(self.places) // self.columns)
        # As wide as all others, from which the page tells where an image is.
        whole = Image.new(self.places[0].mode, (self.columns * self.tile, rows * self.tile))
        for place, picture in enumerate(self.places):
            whole.paste(picture, (place % self.columns * self.tile, place // self.columns * self.tile))
        options = {"quality": QUALITY} if self.name.endswith(".jpg") else {"optimize": True}
        save_with(folder / self.name, lambda temporary: whole.save(temporary, **options))


class Pictures:
    """All images of a gallery, numbered as they come; an image that came before keeps its number.

    Args:
        folder: of the gallery; `sheets` and `images` are made in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[bytes, int] = {}
        self._open: dict[tuple[int, ...], Sheet] = {}
        self._sheets: list[dict[str, object]] = []
        self._columns: dict[str, list[object]] = {name: [] for name in ("id", "sheet", "place", "side", "found")}

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, image: np.ndarray) -> int:
        """Take an image, square uint8 (C, H, H) with one or three channels, and return its number."""
        digest = hashlib.sha256(image.tobytes()).digest()
        if digest not in self._numbers:
            self._numbers[digest] = len(self._numbers)
            self._place(image, digest)
        return self._numbers[digest]

    def _place(self, image: np.ndarray, digest: bytes) -> None:
        side = image.shape[1]
        whole = side <= SMALL
        sheet = self._open.get(image.shape)
        if sheet is None:
            tile, name = (side, "png") if whole else (TILE, "jpg")
            sheet = Sheet(f"{len(self._sheets):04d}.{name}", tile, SHEET[whole])
            self._open[image.shape] = sheet
            self._sheets.append(
                {"file": f"sheets/{sheet.name}", "tile": tile, "columns": sheet.columns, "whole": whole}
            )
        values = (digest.hex()[:12], self._numbered(sheet), len(sheet.places), side, IN_SHEET if whole else REDUCED)
        for column, value in zip(self._columns.values(), values, strict=True):
            column.append(value)
        picture = as_picture(image)
        sheet.places.append(picture if whole else picture.resize((TILE, TILE), Image.Resampling.LANCZOS))
        if len(sheet.places) == sheet.columns**2:
            sheet.save(self._folder / "sheets")
            del self._open[image.shape]

    def _numbered(self, sheet: Sheet) -> int:
        return int(sheet.name.partition(".")[0])

    def is_reduced(self, number: int) -> bool:
        """Return whether the page would show a small version alone."""
        return self._columns["found"][number] == REDUCED

    def draw_from_genome(self, number: int) -> None:
        """Note that the page has a genome which draws the image."""
        if self.is_reduced(number):
            self._columns["found"][number] = FROM_GENOME

    def save_alone(self, number: int, image: np.ndarray) -> None:
        """Write an image in a file of its own, without loss."""
        path = self._folder / "images" / f"{self._columns['id'][number]}.png"
        save_with(path, as_picture(image).save)
        self._columns["found"][number] = IN_FILE

    def finish(self) -> dict[str, object]:
        """Write the sheets that are not full, and return what the page needs to know of all images."""
        for sheet in self._open.values():
            sheet.save(self._folder / "sheets")
        self._open = {}
        return {"sheets": self._sheets, "pictures": self._columns}
