from collections.abc import Sequence
from pathlib import Path

import pytest

from fooling.data.imagenet.classes import ImagenetClass, imagenet_classes
from fooling.data.imagenet.folder import check_imagenet_root, validation_images
from fooling.errors import FoolingError


def fill(root: Path, classes: Sequence[ImagenetClass]) -> None:
    """Make a folder with one (empty) image for each class."""
    for kind in classes:
        folder = root / "val" / kind.wordnet_id
        folder.mkdir(parents=True)
        (folder / "b.JPEG").touch()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is complete if only the first three classes existed, since making 1000 takes seconds."""
    monkeypatch.setattr("fooling.data.imagenet.folder.imagenet_classes", lambda: imagenet_classes()[:3])
    fill(tmp_path, imagenet_classes()[:3])
    return tmp_path


def test_all_classes_are_numbered_as_the_networks_do(tmp_path: Path) -> None:
    fill(tmp_path, imagenet_classes())
    images = validation_images(tmp_path)
    assert [label for _, label in images] == list(range(1000))
    assert images[0][0] == tmp_path / "val" / "n01440764" / "b.JPEG"
    assert images[-1][0] == tmp_path / "val" / "n15075141" / "b.JPEG"


def test_images_are_ordered_by_class_and_name(root: Path) -> None:
    (root / "val" / "n01443537" / "a.JPEG").touch()
    (root / "val" / "n01443537" / "notes.txt").touch()
    (root / "val" / ".DS_Store").touch()
    check_imagenet_root(root)
    assert [(path.name, label) for path, label in validation_images(root)] == [
        ("b.JPEG", 0),
        ("a.JPEG", 1),
        ("b.JPEG", 1),
        ("b.JPEG", 2),
    ]


def test_what_is_missing_is_told(root: Path) -> None:
    with pytest.raises(FoolingError, match=r"no ImageNet folder at .*nowhere"):
        check_imagenet_root(root / "nowhere")
    with pytest.raises(FoolingError, match="has no folder val"):
        check_imagenet_root(root / "val")
    (root / "val" / "n01440764" / "b.JPEG").unlink()
    with pytest.raises(FoolingError, match="n01440764 holds no image"):
        check_imagenet_root(root)
    (root / "val" / "n01440764").rmdir()
    with pytest.raises(FoolingError, match="1 of 3 class folders are missing, n01440764 among them"):
        check_imagenet_root(root)


def test_a_foreign_folder_is_told(root: Path) -> None:
    (root / "val" / "n99999999").mkdir()
    with pytest.raises(FoolingError, match="holds n99999999, which is no class"):
        check_imagenet_root(root)


def test_images_that_are_not_sorted_are_told(root: Path) -> None:
    (root / "val" / "ILSVRC2012_val_00000001.JPEG").touch()
    with pytest.raises(FoolingError, match="not sorted into classes"):
        check_imagenet_root(root)


def test_a_file_in_a_folders_place_is_told(root: Path) -> None:
    (root / "val" / "n01440764" / "b.JPEG").unlink()
    (root / "val" / "n01440764").rmdir()
    (root / "val" / "n01440764").touch()
    with pytest.raises(FoolingError, match="1 of 3 class folders are missing, n01440764 among them"):
        check_imagenet_root(root)


def test_a_folder_that_cannot_be_read_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)  # root reads everything
    with pytest.raises(FoolingError, match=r"cannot be read \(Permission denied: "):
        check_imagenet_root(root)
