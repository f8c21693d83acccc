"""Natural images of ImageNet's classes: ILSVRC-2012's own, a user's photographs, or twenty that anyone can have."""

from pathlib import Path

from fooling.data.imagenet.folder import validation_images
from fooling.data.imagenet.sample_folder import sample_images
from fooling.data.photographs import LabelledImage, photographs


def natural_images(root: Path | None, folder: Path | None) -> tuple[str, list[LabelledImage]]:
    """Return the word for where the images are from (`ilsvrc_val`, `sample` or `photographs`), and the images.

    Args:
        root: of ILSVRC-2012, if it is there.
        folder: of photographs named by WordNet id, if there is one; it counts without `root` alone.

    Raises:
        FoolingError: see `validation_images`, `sample_images` and `photographs`.
    """
    if root is not None:
        return "ilsvrc_val", validation_images(root)
    return ("sample", sample_images(folder)) if folder is not None else ("photographs", photographs())
