from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fooling.data.imagenet.classes import imagenet_classes
from fooling.data.imagenet.sample_folder import check_sample, sample_images
from fooling.errors import FoolingError

TENCH, GOLDFISH, SHARK = (kind.wordnet_id for kind in imagenet_classes()[:3])


def photograph(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(path)


def test_images_are_named_by_class_or_lie_in_folders_that_are(tmp_path: Path) -> None:
    for name in (f"{SHARK}.jpg", f"{TENCH}_tench.JPEG", f"{GOLDFISH}/b.png", f"{GOLDFISH}/a.png"):
        photograph(tmp_path / name)
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".DS_Store").touch()
    found = [(str(path.relative_to(tmp_path)), label) for path, label in sample_images(tmp_path)]
    assert found == [
        (f"{TENCH}_tench.JPEG", 0),
        (f"{GOLDFISH}/a.png", 1),
        (f"{GOLDFISH}/b.png", 1),
        (f"{SHARK}.jpg", 2),
    ]
    check_sample(tmp_path)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), "holds no photograph; it needs images named by WordNet id"),
        (("n99999999.jpg",), r"n99999999.jpg is named by no WordNet id of ILSVRC-2012, such as n01440764; rename it"),
        (("cat.jpg",), "cat.jpg is named by no WordNet id"),
        ((f"{TENCH}1.jpg",), "is named by no WordNet id"),
        (("cats/a.jpg",), "cats is named by no WordNet id"),
        ((f"{TENCH}.jpg", f"{TENCH}_2.jpg"), f"two photographs of one class, {TENCH}.jpg and {TENCH}_2.jpg"),
    ],
)
def test_a_folder_that_is_no_sample_is_told_why(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    for name in names:
        photograph(tmp_path / name)
    with pytest.raises(FoolingError, match=message):
        sample_images(tmp_path)


def test_an_empty_class_a_missing_folder_and_a_damaged_image_are_told(tmp_path: Path) -> None:
    with pytest.raises(FoolingError, match=r"There is no folder of photographs at .*none"):
        sample_images(tmp_path / "none")
    (tmp_path / TENCH).mkdir()
    with pytest.raises(FoolingError, match=f"{TENCH} holds no image"):
        sample_images(tmp_path)
    (tmp_path / TENCH / "a.jpg").write_bytes(b"\xff\xd8 cut short")
    with pytest.raises(FoolingError, match=r"a\.jpg is not a readable image"):
        check_sample(tmp_path)
