"""Images as PNG files, without loss."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from fooling.artifacts.image_file import read_pixels
from fooling.artifacts.storage import written_whole
from fooling.errors import FoolingError


def as_picture(image: np.ndarray) -> Image.Image:
    """Return uint8 (1 or 3, H, W) as a picture of PIL's."""
    return Image.fromarray(image[0] if len(image) == 1 else np.ascontiguousarray(np.moveaxis(image, 0, -1)))


def png_bytes(image: np.ndarray) -> bytes:
    """Return the content of a PNG of an image, uint8 (1 or 3, H, W)."""
    file = BytesIO()
    as_picture(image).save(file, format="PNG")
    return file.getvalue()


class NamedImages(Protocol):
    """What can be exported, such as a fooling set: images, uint8 (N, 1 or 3, H, W), and a name for each."""

    @property
    def images(self) -> np.ndarray:
        """The images."""
        ...

    @property
    def image_names(self) -> list[str]:
        """Their names."""
        ...


def export_pngs(artifact: NamedImages, folder: Path) -> list[Path]:
    """Write each image of a fooling set or of bred pictures as `NAME.png`, and return the paths.

    Args:
        artifact: the images and their names.
        folder: made if it is not there.

    Raises:
        FoolingError: two images have one name, or the folder cannot be written.
    """
    names = artifact.image_names
    if len(set(names)) != len(names):
        raise FoolingError("Two images have the same name; export a selection of them.")
    paths = [folder / f"{name}.png" for name in names]
    for image, path in zip(artifact.images, paths, strict=True):
        with written_whole(path) as temporary:
            as_picture(image).save(temporary, format="PNG")
    return paths


def read_pngs(paths: Sequence[Path]) -> np.ndarray:
    """Read PNGs of one size back as uint8 (N, C, H, W).

    Raises:
        FoolingError: a file is no readable image, or the sizes differ.
    """
    read = [read_pixels(path) for path in paths]
    images = [pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0) for pixels in read]
    if len({image.shape for image in images}) > 1:
        raise FoolingError(f"The images in {paths[0].parent} differ in size; they must all have one.")
    return np.stack(images)
