"""Images that a user has sorted into folders by class, as torchvision's ImageFolder has them: train/CLASS/NAME.JPEG."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.errors import FoolingError

SUFFIXES = (".jpeg", ".jpg", ".png")


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
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
        if len(names) != classes:
            raise FoolingError(
                f"{folder} has folders of {len(names)} classes, but the network knows {classes}; it needs one for each."
            )
        images = [_images_of(folder / name) for name in names]
    except OSError as error:
        raise FoolingError(
            f"{folder} cannot be read ({error.strerror}: {error.filename}); correct that first."
        ) from error
    files = np.array(
        [os.fsencode(f"{name}/{file}") for name, of_class in zip(names, images, strict=True) for file in of_class]
    )
    labels = np.repeat(np.arange(classes), [len(of_class) for of_class in images])
    return ClassFolders(folder, files, labels, tuple(names))


def _images_of(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = (entry.name for entry in entries)
        files = sorted(name for name in names if name.lower().endswith(SUFFIXES) and not name.startswith("."))
    if not files:
        raise FoolingError(f"{folder} holds no image; copy those that are missing.")
    return files


def check_same_classes(train: ClassFolders, test: ClassFolders) -> None:
    """Check that training and test images have the same classes.

    Raises:
        FoolingError: they have not.
    """
    different = sorted(set(train.classes) ^ set(test.classes))
    if different:
        lacking = test.folder if different[0] in train.classes else train.folder
        raise FoolingError(f"{lacking} lacks the class {different[0]}; both folders need the same classes.")
