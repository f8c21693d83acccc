"""Folders of photographs as they come from archives, file managers and other systems."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from fooling.data.class_folders import list_classes
from fooling.data.imagenet import folder as imagenet_folder
from fooling.data.imagenet.classes import imagenet_classes

NAMES = tuple(kind.wordnet_id for kind in imagenet_classes()[:3])
FIRST = NAMES[0]


@dataclass(frozen=True)
class Folder:
    """What is done to a folder `val` of three classes with one image `b.JPEG` each, and the images that count.

    Attributes:
        change: what is done.
        expected: the images of the first class; or words of the sentence.
    """

    change: Callable[[Path], object]
    expected: tuple[str, ...] | str = ("b.JPEG",)


def make(root: Path) -> Path:
    for name in NAMES:
        (root / "val" / name).mkdir(parents=True)
        (root / "val" / name / "b.JPEG").write_bytes(b"\xff\xd8")
    return root / "val"


def file(name: str) -> Callable[[Path], object]:
    return lambda val: (val / name).write_bytes(b"x")


def image(name: str) -> Callable[[Path], object]:
    return lambda val: Path(os.fsdecode(os.fsencode(val / FIRST) + b"/" + os.fsencode(name))).write_bytes(b"\xff\xd8")


def made(name: str) -> Callable[[Path], object]:
    return lambda val: (val / name).mkdir()


def link(name: str, target: str) -> Callable[[Path], object]:
    return lambda val: (val / name).symlink_to(target)


def several(*changes: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda val: [change(val) for change in changes]


def moved_out_and_linked(val: Path) -> None:
    (val / FIRST).rename(val.parent / "elsewhere")
    (val / FIRST).symlink_to("../elsewhere")


def emptied(val: Path) -> None:
    (val / FIRST / "b.JPEG").unlink()


def unreadable(val: Path) -> None:
    """A loop of links, which root cannot read either."""
    emptied(val)
    (val / FIRST).rmdir()
    (val / FIRST).symlink_to(FIRST)


def in_a_folder_more(val: Path) -> None:
    (val / FIRST / "images").mkdir()
    (val / FIRST / "b.JPEG").rename(val / FIRST / "images" / "b.JPEG")


def turned_into_a_file(val: Path) -> None:
    emptied(val)
    (val / FIRST).rmdir()
    (val / FIRST).touch()


FOLDERS: dict[str, Folder] = {
    "as it should be": Folder(lambda _: None),
    "._NAME.JPEG of macOS beside an image": Folder(image("._b.JPEG")),
    ".DS_Store": Folder(several(file(".DS_Store"), image(".DS_Store"))),
    "Thumbs.db": Folder(several(file("Thumbs.db"), image("Thumbs.db"))),
    "desktop.ini and a README": Folder(several(file("desktop.ini"), file("README.md"), image("README.txt"))),
    "valprep.sh": Folder(file("valprep.sh")),
    "the archive ILSVRC2012_img_val.tar": Folder(file("ILSVRC2012_img_val.tar")),
    "__MACOSX/": Folder(several(made("__MACOSX"), file("__MACOSX/._b.JPEG"))),
    ".ipynb_checkpoints/": Folder(several(made(".ipynb_checkpoints"), made(f"{FIRST}/.ipynb_checkpoints"))),
    "a folder named x.jpeg in a class": Folder(made(f"{FIRST}/x.jpeg")),
    "a pipe named x.jpeg": Folder(lambda val: os.mkfifo(val / FIRST / "x.jpeg")),
    "other suffixes of images": Folder(several(image("a.jpg"), image("c.PNG")), ("a.jpg", "b.JPEG", "c.PNG")),
    "suffixes that are not read": Folder(several(image("a.gif"), image("c.JPEG.part"), image("d.JPEG~"))),
    "a link to an image": Folder(link(f"{FIRST}/c.JPEG", "b.JPEG"), ("b.JPEG", "c.JPEG")),
    "a hard link": Folder(lambda val: os.link(val / FIRST / "b.JPEG", val / FIRST / "c.JPEG"), ("b.JPEG", "c.JPEG")),
    "a link to a class's folder": Folder(moved_out_and_linked),
    "a link to an image that is gone": Folder(link(f"{FIRST}/c.JPEG", "gone.JPEG"), "c.JPEG is a link to something"),
    "a link to a folder that is gone": Folder(link("n09999999", "gone"), "n09999999 is a link to something"),
    "one folder too many": Folder(made("n09999999"), "n09999999"),
    "a class too few": Folder(several(emptied, lambda val: (val / FIRST).rmdir()), "class"),
    "an empty class": Folder(emptied, f"{FIRST} holds no image; copy those"),
    "a class with hidden files alone": Folder(
        several(emptied, image(".b.JPEG"), image("._b.JPEG")), f"{FIRST} holds no image; copy those"
    ),
    "images in a folder more": Folder(in_a_folder_more, f"{FIRST} holds no image; copy those"),
    "a file in a class's place": Folder(turned_into_a_file, "class"),
    "a class that leads in a circle": Folder(unreadable, f"{FIRST} is a link to something"),
    "a line break in a name": Folder(image("a\n.JPEG"), ("a\n.JPEG", "b.JPEG")),
    "quotes in a name": Folder(image("a'\".JPEG"), ("a'\".JPEG", "b.JPEG")),
    "a dash before a name": Folder(image("-rf.JPEG"), ("-rf.JPEG", "b.JPEG")),
    "a name of 250 letters": Folder(image("a" * 245 + ".JPEG"), ("a" * 245 + ".JPEG", "b.JPEG")),
    "Chinese letters in a name": Folder(image("\u864e.JPEG"), ("b.JPEG", "\u864e.JPEG")),
    "a name that is not UTF-8": Folder(image("caf\udce9.JPEG"), "is not UTF-8; rename the file"),
}


def see(folder: Folder, place: Path) -> str:
    """Let both readers list a changed folder."""
    folder.change(make(place))
    with patch.object(imagenet_folder, "imagenet_classes", lambda: imagenet_classes()[:3]):
        images = imagenet_folder.validation_images(place)
    return f"{len(images)} images of {len(list_classes(place / 'val', 3).classes)} classes"


def see_as_training(folder: Folder, place: Path) -> str:
    folder.change(make(place))
    return f"{len(list_classes(place / 'val', 3))} images"


CASES: dict[str, Callable[[Path], str]] = {
    **{name: partial(see, folder) for name, folder in FOLDERS.items()},
    "training images: one folder too many": partial(see_as_training, FOLDERS["one folder too many"]),
    "training images: an extra folder that is no class": partial(see_as_training, Folder(made("extra"))),
    "training images: a class too few": partial(see_as_training, FOLDERS["a class too few"]),
}
