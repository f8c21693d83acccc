"""Images in a folder of photographs: every mode of Pillow, several formats, and damage."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from fooling.data.image_region import read_image

SIDE = 8
GREY = (np.arange(SIDE * SIDE).reshape(SIDE, SIDE) * 3 + 40).astype(np.uint8)
DEEP = GREY.astype(np.uint16) * 256 + 77
"""Pixels of 16 bits whose upper 8 are those of `GREY`."""
RGB = np.stack([GREY, GREY[::-1], 255 - GREY], axis=-1)


@dataclass(frozen=True)
class Picture:
    """A file, and its pixels as they should be read: (8, 8) or (8, 8, 3); or words of the sentence that refuses it."""

    content: bytes
    expected: np.ndarray | str


def content(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def grey(pixels: np.ndarray = GREY) -> Image.Image:
    return Image.fromarray(pixels)


def adobe() -> bytes:
    """A JPEG as Photoshop writes inks: inverted, under Adobe's mark, which Pillow writes likewise."""
    return content(FLAT.convert("CMYK"), "JPEG", quality=100)


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    return content(grey(), exif=exif)


FLAT = Image.new("RGB", (SIDE, SIDE), (200, 60, 20))
COLOUR = Image.fromarray(RGB)
ALPHA = Image.fromarray(np.dstack([RGB, GREY]))
OTHER = Image.fromarray(255 - RGB)
FLAT_PIXELS = np.asarray(FLAT)
PHOTOGRAPH = content(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)))
NO_DEPTH = "is not an image of 8 bits per channel in grey or RGB"
NOT_READABLE = "is not a readable image"

PICTURES: dict[str, Picture] = {
    "black and white (1)": Picture(
        content(grey().convert("1", dither=Image.Dither.NONE)), np.where(GREY > 127, 255, 0)
    ),
    "grey (L)": Picture(content(grey()), GREY),
    "grey with transparency (LA)": Picture(content(Image.merge("LA", [grey(), grey()])), GREY),
    "palette (P)": Picture(content(COLOUR.quantize(256)), np.asarray(COLOUR.quantize(256).convert("RGB"))),
    "palette with a transparent colour": Picture(
        content(COLOUR.quantize(256), transparency=0), np.asarray(COLOUR.quantize(256).convert("RGB"))
    ),
    "RGB": Picture(content(COLOUR), RGB),
    "RGB with a transparent colour": Picture(content(COLOUR, transparency=(40, 208, 215)), RGB),
    "RGB with transparency (RGBA)": Picture(content(ALPHA), RGB),
    "TIFF of RGBX": Picture(content(Image.frombytes("RGBX", (SIDE, SIDE), ALPHA.tobytes()), "TIFF"), RGB),
    "TIFF of RGBA": Picture(content(Image.new("RGBA", (SIDE, SIDE), (200, 60, 20, 255)), "TIFF"), FLAT_PIXELS),
    "TIFF of inks (CMYK)": Picture(content(COLOUR.convert("CMYK"), "TIFF"), RGB),
    "JPEG of inks, inverted as Adobe's": Picture(adobe(), FLAT_PIXELS),
    "JPEG of inks without Adobe's mark": Picture(adobe().replace(b"Adobe", b"Other", 1), FLAT_PIXELS),
    "TIFF of YCbCr": Picture(content(FLAT.convert("YCbCr"), "TIFF"), FLAT_PIXELS),
    "TIFF of LAB": Picture(content(Image.frombytes("LAB", (SIDE, SIDE), RGB.tobytes()), "TIFF"), NO_DEPTH),
    "16-bit grey (I;16)": Picture(content(grey(DEEP)), GREY),
    "16-bit grey TIFF": Picture(content(grey(DEEP), "TIFF"), GREY),
    "16-bit grey TIFF, big-endian (I;16B)": Picture(
        content(Image.frombytes("I;16B", (SIDE, SIDE), DEEP.astype(">u2").tobytes()), "TIFF"), GREY
    ),
    "32-bit whole numbers (I)": Picture(content(grey(GREY.astype(np.int32)), "TIFF"), NO_DEPTH),
    "32-bit float TIFF (F)": Picture(content(grey(GREY.astype(np.float32) / 255), "TIFF"), NO_DEPTH),
    "animated GIF": Picture(content(FLAT, "GIF", save_all=True, append_images=[OTHER]), FLAT_PIXELS),
    "animated WebP": Picture(content(COLOUR, "WEBP", save_all=True, append_images=[OTHER], lossless=True), RGB),
    "animated PNG": Picture(content(COLOUR, save_all=True, append_images=[OTHER]), RGB),
    "a camera's note to turn it": Picture(turned(), GREY),
    "WebP under the name of a JPEG": Picture(content(COLOUR, "WEBP", lossless=True), RGB),
    "BMP": Picture(content(COLOUR, "BMP"), RGB),
    "truncated": Picture(PHOTOGRAPH[: len(PHOTOGRAPH) // 2], NOT_READABLE),
    "truncated in its head": Picture(PHOTOGRAPH[:20], NOT_READABLE),
    "empty": Picture(b"", NOT_READABLE),
    "a web page": Picture(b"<!DOCTYPE html><html>Please log in</html>", NOT_READABLE),
    "SVG": Picture(b'<svg xmlns="http://www.w3.org/2000/svg"/>', NOT_READABLE),
    "HEIC of a phone": Picture(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), NOT_READABLE),
    "more pixels than memory": Picture(content(Image.new("1", (9000, 9000))), "more than 50,000,000 pixels"),
}


def see(picture: Picture, folder: Path) -> str:
    (folder / "x.jpeg").write_bytes(picture.content)
    pixels = read_image(folder / "x.jpeg", SIDE)
    return f"read: red {pixels[0].min()} to {pixels[0].max()}, blue {pixels[2].min()} to {pixels[2].max()}"


def folder_in_its_place(folder: Path) -> str:
    (folder / "x.jpeg").mkdir()
    return str(read_image(folder / "x.jpeg"))


def pipe_in_its_place(folder: Path) -> str:
    os.mkfifo(folder / "x.jpeg")
    return str(read_image(folder / "x.jpeg"))


def no_file(folder: Path) -> str:
    return str(read_image(folder / "x.jpeg"))


def link_to_nothing(folder: Path) -> str:
    (folder / "x.jpeg").symlink_to("gone.jpeg")
    return str(read_image(folder / "x.jpeg"))


PLACES: dict[str, Callable[[Path], str]] = {
    "a folder named x.jpeg": folder_in_its_place,
    "a pipe named x.jpeg": pipe_in_its_place,
    "no file": no_file,
    "a link to nothing": link_to_nothing,
}
CASES: dict[str, Callable[[Path], str]] = {name: partial(see, picture) for name, picture in PICTURES.items()} | PLACES
