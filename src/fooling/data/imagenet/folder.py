"""A folder of ImageNet's validation images that the user has, in torchvision's layout: ROOT/val/n01440764/NAME.JPEG."""

from pathlib import Path

from fooling.data.folder_listing import image_names, readable, subfolders, unsorted_images
from fooling.data.imagenet.classes import imagenet_classes
from fooling.errors import FoolingError

_LAYOUT = "it needs a folder for each of the 1000 classes, named by its WordNet id, such as n01440764"


def check_imagenet_root(root: Path) -> None:
    """Check that `root` holds validation images of every class; only folders are read.

    Raises:
        FoolingError: it is missing or cannot be read, a class has no folder or an empty one, or there are others.
    """
    validation_images(root)


def validation_images(root: Path) -> list[tuple[Path, int]]:
    """Return the path and the class of every validation image, by class and name.

    Raises:
        FoolingError: see `check_imagenet_root`.
    """
    validation = root / "val"
    with readable(root):
        if not root.is_dir():
            raise FoolingError(f"There is no ImageNet folder at {root}; correct the path, or give none.")
        if not validation.is_dir():
            raise FoolingError(f"{root} has no folder val; unpack ILSVRC-2012's validation images to {validation}.")
        _check_classes(validation)
        folders = [(validation / kind.wordnet_id, kind.number) for kind in imagenet_classes()]
        return [(folder / name, number) for folder, number in folders for name in image_names(folder)]


def _check_classes(validation: Path) -> None:
    found = set(subfolders(validation))
    if unsorted_images(validation):
        raise FoolingError(f"{validation} holds images that are not sorted into classes; {_LAYOUT}.")
    expected = {kind.wordnet_id for kind in imagenet_classes()}
    lacking = sorted(expected - found)
    if lacking:
        counted = f"{len(lacking)} of {len(expected)} class folders are missing, {lacking[0]} among them"
        raise FoolingError(f"{validation} is not complete: {counted}; copy the rest.")
    unknown = sorted(found - expected)
    if unknown:
        raise FoolingError(
            f"{validation} holds {unknown[0]}, which is no class of ILSVRC-2012; {_LAYOUT}, and no other."
        )
