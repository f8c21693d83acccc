"""Images of glyphs: each character in every font, moved, turned, scaled, with noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fooling.data.glyphs.faces import CANVAS, Face
from fooling.errors import FoolingError
from fooling.settings.datasets import GLYPHS

SIDE = GLYPHS.image_shape[1]
TRAIN_IMAGES, TEST_IMAGES = 60, 20
"""Images of each character."""
LEAST_FACES = 2
"""Fewer training fonts would show each character in one shape alone."""
TURN, MOVE, LEAST_SCALE, NOISE = 10.0, 2.0, 0.8, 16.0
"""Degrees to either side; pixels each way; scale, up to 1; grey levels of the noise's standard deviation, from 0."""
_FINE = 2
"""Samples of a pixel along each side; without them thin strokes break."""


@dataclass(frozen=True)
class Part:
    """The training or the test images of the data set.

    Attributes:
        name: `train` or `test`.
        images: of each character.
        faces: the fonts; image number i of a character is in font i modulo their number.
    """

    name: str
    images: int
    faces: tuple[Face, ...]


def parts(train: Sequence[Face], test: Sequence[Face]) -> tuple[Part, Part]:
    """Return the training and the test images, which share no family of fonts.

    Raises:
        FoolingError: there are too few fonts, or a family is in both.
    """
    if len(train) < LEAST_FACES or not test:
        raise FoolingError(
            f"Glyphs need {LEAST_FACES} fonts for training and one of another family for testing, not {len(train)} and "
            f"{len(test)}; name more."
        )
    shared = sorted({face.family for face in train} & {face.family for face in test})
    if shared:
        raise FoolingError(f"{shared[0]} is among the fonts for training and those for testing; hold a family out.")
    return Part("train", TRAIN_IMAGES, tuple(train)), Part("test", TEST_IMAGES, tuple(test))


def draw_part(part: Part, characters: Sequence[str], seed: int) -> np.ndarray:
    """Draw the images of a part; those of a character do not depend on the other characters.

    Args:
        part: which images.
        characters: of the classes.
        seed: of the random changes.

    Returns:
        uint8 (characters, images, SIDE, SIDE), white on black.

    Raises:
        FoolingError: a font cannot be read or lacks a character, or two characters look the same in it.
    """
    by_face = []
    for face in part.faces:
        glyphs = face.draw(characters)
        _check_distinct(face, glyphs, characters)
        by_face.append(glyphs)
    images = np.empty((len(characters), part.images, SIDE, SIDE), np.uint8)
    for number, character in enumerate(characters):
        generator = np.random.default_rng([seed, *part.name.encode(), ord(character)])
        for image in range(part.images):
            images[number, image] = _changed(by_face[image % len(by_face)][number], generator)
    return images


def _check_distinct(face: Face, glyphs: np.ndarray, characters: Sequence[str]) -> None:
    """Check that characters differ at the size of the images as well."""
    small = _reduced(glyphs, CANVAS // SIDE).round().astype(np.uint8)
    seen: dict[bytes, str] = {}
    for character, pixels in zip(characters, small, strict=True):
        other = seen.setdefault(pixels.tobytes(), character)
        if other != character:
            raise FoolingError(f"{face} draws {character} and {other} alike at {SIDE} pixels; leave this font out.")


def _changed(glyph: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return a glyph, uint8 (CANVAS, CANVAS), as an image with random changes, uint8 (SIDE, SIDE)."""
    angle, scale = math.radians(generator.uniform(-TURN, TURN)), generator.uniform(LEAST_SCALE, 1)
    move = generator.uniform(-MOVE, MOVE, 2)
    # Pillow wants the way back, from a place in the image to one in the glyph.
    size, middle = SIDE * _FINE, SIDE * _FINE / 2
    shrink = CANVAS / size / scale
    cosine, sine = shrink * math.cos(angle), shrink * math.sin(angle)
    x, y = middle + move * _FINE
    back = (cosine, sine, CANVAS / 2 - cosine * x - sine * y, -sine, cosine, CANVAS / 2 + sine * x - cosine * y)
    turned = Image.fromarray(glyph).transform(
        (size, size), Image.Transform.AFFINE, back, resample=Image.Resampling.BILINEAR
    )
    noise = generator.normal(0, generator.uniform(0, NOISE), (SIDE, SIDE))
    return (_reduced(np.asarray(turned), _FINE) + noise).round().clip(0, 255).astype(np.uint8)


def _reduced(pixels: np.ndarray, times: int) -> np.ndarray:
    """Return the means of squares of pixels, float64 (..., H / times, W / times)."""
    *front, height, width = pixels.shape
    return pixels.reshape(*front, height // times, times, width // times, times).mean(axis=(-3, -1))
