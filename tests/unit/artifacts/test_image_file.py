"""Every kind of image that Pillow knows: read with the right values, or refused in a sentence."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cases.images import PICTURES, PLACES, SIDE, Picture

from fooling.artifacts.image_file import read_pixels
from fooling.artifacts.pngs import read_pngs
from fooling.data.image_region import read_image
from fooling.errors import FoolingError

READABLE = {name: picture for name, picture in PICTURES.items() if not isinstance(picture.expected, str)}
REFUSED = {name: picture for name, picture in PICTURES.items() if isinstance(picture.expected, str)}


def by_name(kinds: dict[str, object]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", kinds.values(), ids=kinds.keys())


@by_name(READABLE)
def test_its_values_are_right(kind: Picture, tmp_path: Path) -> None:
    path = tmp_path / "x.jpeg"
    path.write_bytes(kind.content)
    read = read_pixels(path)
    assert read.dtype == np.uint8
    assert np.abs(read.astype(int) - kind.expected).max() <= 2  # JPEG and YCbCr round
    in_colour = np.broadcast_to(read.T, (3, SIDE, SIDE)).T if read.ndim == 2 else read
    np.testing.assert_array_equal(read_image(path, SIDE), np.moveaxis(in_colour, -1, 0))
    np.testing.assert_array_equal(read_pngs([path])[0], read[None] if read.ndim == 2 else np.moveaxis(read, -1, 0))


@by_name(REFUSED)
def test_it_is_refused_in_a_sentence(kind: Picture, tmp_path: Path) -> None:
    (tmp_path / "x.jpeg").write_bytes(kind.content)
    for read in (read_pixels, read_image):
        with pytest.raises(FoolingError, match=rf"x\.jpeg .*{re.escape(str(kind.expected))}.*(;|\)\.)|{kind.expected}"):
            read(tmp_path / "x.jpeg")


@by_name(PLACES)
def test_what_is_no_file_is_told_and_never_opened(kind: Callable[[Path], str], tmp_path: Path) -> None:
    with pytest.raises(FoolingError, match=r"x\.jpeg is not a (file; give an image|readable image)"):
        kind(tmp_path)
