"""Every folder that people have, by both readers: they agree on what is a class and what an image."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cases.folders import FIRST, FOLDERS, NAMES, Folder, make

from fooling.data.class_folders import list_classes
from fooling.data.imagenet.classes import imagenet_classes
from fooling.data.imagenet.folder import validation_images
from fooling.errors import FoolingError


def images_of_training(val: Path) -> list[Path]:
    folders = list_classes(val, 3)
    return [folders.path(row) for row in range(len(folders))]


def images_of_validation(val: Path) -> list[Path]:
    return [path for path, _ in validation_images(val.parent)]


@pytest.mark.parametrize("read", [images_of_training, images_of_validation])
@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS.keys())
def test_both_readers_agree(
    folder: Folder, read: Callable[[Path], list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fooling.data.imagenet.folder.imagenet_classes", lambda: imagenet_classes()[:3])
    val = make(tmp_path)
    folder.change(val)
    if isinstance(folder.expected, str):
        with pytest.raises(FoolingError, match=re.escape(folder.expected)):
            read(val)
    else:
        expected = [val / FIRST / name for name in folder.expected]
        assert read(val) == expected + [val / name / "b.JPEG" for name in NAMES[1:]]


def test_the_folder_that_is_too_many_is_named(tmp_path: Path) -> None:
    val = make(tmp_path)
    (val / "extra").mkdir()
    with pytest.raises(FoolingError, match=r"of 4 classes, but the network knows 3; .*; extra is none of them"):
        list_classes(val, 3)


def test_of_classes_of_ones_own_the_empty_one_is_named(tmp_path: Path) -> None:
    for name in ("daisy", "rose", "new folder"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("a.png" if name != "new folder" else "._a.png")).touch()
    with pytest.raises(FoolingError, match=r"of 3 classes, but the network knows 2; .*; new folder is none of them"):
        list_classes(tmp_path, 2)


def test_the_class_of_imagenet_that_lacks_is_named(tmp_path: Path) -> None:
    for kind in imagenet_classes()[1:]:
        (tmp_path / kind.wordnet_id).mkdir()
    with pytest.raises(FoolingError, match=r"of 999 classes, .*, and n01440764 is missing"):
        list_classes(tmp_path, 1000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_class_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    val = make(tmp_path)
    (val / FIRST).chmod(0)
    with pytest.raises(FoolingError, match=rf"cannot be read \(Permission denied: .*{FIRST}\)"):
        list_classes(val, 3)
    (val / FIRST).chmod(0o755)
