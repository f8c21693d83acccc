"""A user's photographs of ImageNet's classes: n01440764.JPEG, n01440764_tench.JPEG, or a folder n01440764 of them."""

import re
from collections.abc import Iterator
from pathlib import Path

from fooling.artifacts.image_file import read_pixels
from fooling.data.folder_listing import image_names, readable, subfolders, unsorted_images
from fooling.data.imagenet.classes import imagenet_classes
from fooling.data.photographs import LabelledImage
from fooling.errors import FoolingError

_WORDNET_ID = re.compile(r"(n\d{8})(?![0-9A-Za-z])")


def sample_images(folder: Path) -> list[LabelledImage]:
    """Return the photographs of a folder, by class and name; not every class needs one.

    Raises:
        FoolingError: the folder is missing, cannot be read or holds no image; an image or a folder of them is named by
            no WordNet id of ILSVRC-2012; or two images outside such folders are of one class.
    """
    with readable(folder):
        if not folder.is_dir():
            raise FoolingError(f"There is no folder of photographs at {folder}; correct the path, or give none.")
        found = sorted(_labelled(folder), key=lambda image: (image[1], image[0].name))
    if not found:
        raise FoolingError(
            f"{folder} holds no photograph; it needs images named by WordNet id, such as n01440764.JPEG."
        )
    return found


def check_sample(folder: Path) -> None:
    """Check that a folder holds photographs, and that each can be read.

    Raises:
        FoolingError: see `sample_images` and `read_pixels`.
    """
    for path, _ in sample_images(folder):
        read_pixels(path, lambda picture: picture.crop((0, 0, 1, 1)))


def _labelled(folder: Path) -> Iterator[LabelledImage]:
    of_class: dict[int, str] = {}
    for name in unsorted_images(folder):
        label = _class_of(folder / name, name)
        if label in of_class:
            raise FoolingError(
                f"{folder} holds two photographs of one class, {of_class[label]} and {name}; put them into a folder "
                "named by its WordNet id."
            )
        of_class[label] = name
        yield folder / name, label
    for name in subfolders(folder):
        label = _class_of(folder / name, name)
        yield from ((folder / name / image, label) for image in image_names(folder / name))


def _class_of(path: Path, name: str) -> int:
    """Return the number of the class whose WordNet id a name begins with."""
    found = _WORDNET_ID.match(name)
    label = _numbers().get(found[1]) if found else None
    if label is None:
        raise FoolingError(f"{path} is named by no WordNet id of ILSVRC-2012, such as n01440764; rename it.")
    return label


def _numbers() -> dict[str, int]:
    return {kind.wordnet_id: kind.number for kind in imagenet_classes()}
