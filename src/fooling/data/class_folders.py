"""Images that a user has sorted into folders by class, as torchvision's ImageFolder has them: train/CLASS/NAME.JPEG."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.data.folder_listing import image_names, readable, subfolders, unsorted_images
from fooling.data.imagenet.classes import imagenet_classes
from fooling.errors import FoolingError


@dataclass(frozen=True)
class ClassFolders:
    """The images of a folder.

    Attributes:
        folder: such as `ROOT/train`.
        names: bytes (N,), the files' paths in it; one array, which processes share where they would copy a list.
        labels: int64 (N,), numbers of the classes by the order of their folders' names.
        classes: names of these folders.
    """

    folder: Path
    names: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def path(self, row: int) -> Path:
        """Return the path of an image."""
        return self.folder / os.fsdecode(self.names[row])

    def digest(self) -> str:
        """Return the sha256 of the files' names."""
        return hashlib.sha256(b"\0".join(self.names.tolist())).hexdigest()


def training_folder(root: str | None) -> Path:
    """Return the folder of the training images.

    Args:
        root: of the data set, from `datasets.imagenet.root`.

    Raises:
        FoolingError: it is not set, or has no folder `train`.
    """
    if root is None:
        raise FoolingError(
            "Retraining an ImageNet network needs ILSVRC-2012; set datasets.imagenet.root to its folder."
        )
    folder = Path(root, "train")
    if not folder.is_dir():
        raise FoolingError(f"{root} has no folder train; unpack ILSVRC-2012's training images to {folder}.")
    return folder


def list_classes(folder: Path, classes: int) -> ClassFolders:
    """List the images of a folder with one folder for each class.

    Args:
        folder: such as `ROOT/train`.
        classes: how many there are.

    Raises:
        FoolingError: it is missing or cannot be read, has another number of classes, or a class has no image.
    """
    with readable(folder):
        names = subfolders(folder)
        if len(names) != classes:
            raise FoolingError(
                f"{folder} has folders of {len(names)} classes, but the network knows {classes}; it needs one for each"
                f"{_odd_one(folder, names, classes)}."
            )
        images = [image_names(folder / name) for name in names]
    files = np.array(
        [os.fsencode(f"{name}/{file}") for name, of_class in zip(names, images, strict=True) for file in of_class]
    )
    labels = np.repeat(np.arange(classes), [len(of_class) for of_class in images])
    return ClassFolders(folder, files, labels, tuple(names))


def _odd_one(folder: Path, names: Sequence[str], classes: int) -> str:
    """Return what names the folder that is too many or that lacks, where one can tell."""
    known = {kind.wordnet_id for kind in imagenet_classes()}
    foreign = [name for name in names if name not in known]
    if len(names) < classes:
        lacking = sorted(known - set(names)) if classes == len(known) and not foreign else []
        return f", and {lacking[0]} is missing" if lacking else ""
    if len(foreign) == len(names):  # classes of the user's own
        foreign = [name for name in names if not unsorted_images(folder / name)]
    return f"; {foreign[0]} is none of them" if foreign else ""


def check_same_classes(train: ClassFolders, test: ClassFolders) -> None:
    """Check that training and test images have the same classes.

    Raises:
        FoolingError: they have not.
    """
    different = sorted(set(train.classes) ^ set(test.classes))
    if different:
        lacking = test.folder if different[0] in train.classes else train.folder
        raise FoolingError(f"{lacking} lacks the class {different[0]}; both folders need the same classes.")
