from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fooling.data.image_region import read_image
from fooling.data.photographs import photographs
from fooling.errors import FoolingError
from fooling.experiments.natural_images import IMAGES_AT_ONCE, score_natural
from fooling.networks.classifier import Classifier, load_classifier
from fooling.networks.network_file import save_networks
from fooling.networks.zoo import load_pretrained
from fooling.settings.pretrained import PretrainedSettings


class BySide:
    """A classifier that finds class 3 the likelier the redder an image is, and class 5 else."""

    classes, image_shape, any_size, device = 1000, (3, 256, 256), True, torch.device("cpu")

    def log_confidence(self, images: torch.Tensor) -> torch.Tensor:
        red = images[:, 0].float().mean(dim=(1, 2)) / 255
        confidence = torch.zeros(len(images), 1000)
        confidence[:, 3], confidence[:, 5] = red, 1 - red
        return confidence.log()


def save_picture(path: Path, width: int, height: int, colour: object, mode: str = "RGB") -> Path:
    Image.new(mode, (width, height), colour).save(path)
    return path


def test_rows_tell_the_label_and_what_is_most_likely(tmp_path: Path) -> None:
    red = save_picture(tmp_path / "red.png", 300, 300, (204, 0, 0))
    dark = save_picture(tmp_path / "dark.png", 300, 300, (51, 0, 0))
    table = score_natural([(red, 3), (dark, 3), (red, 9)], {"one": BySide(), "two": BySide()}, "photographs")
    assert table["network"].tolist() == ["one"] * 3 + ["two"] * 3
    first = table[table["network"] == "two"]
    assert first["image"].tolist() == ["red.png", "dark.png", "red.png"]
    np.testing.assert_allclose(first["confidence"], [0.8, 0.2, 0], atol=1e-6)
    np.testing.assert_allclose(first["top_confidence"], [0.8, 0.8, 0.8], atol=1e-6)
    assert first["top_label"].tolist() == [3, 5, 3]
    assert first["right"].tolist() == [1, 0, 0]


def test_batches_keep_the_order(tmp_path: Path) -> None:
    picture = save_picture(tmp_path / "picture.png", 256, 256, (204, 0, 0))
    told: list[int] = []
    labels = list(range(IMAGES_AT_ONCE + 3))
    table = score_natural([(picture, label) for label in labels], {"one": BySide()}, "photographs", told.append)
    assert table["label"].tolist() == labels
    assert told == [0, IMAGES_AT_ONCE, IMAGES_AT_ONCE + 3]


@pytest.mark.parametrize(("width", "height"), [(256, 256), (512, 300), (90, 700), (1, 3), (40_000, 1)])
def test_the_middle_is_kept_at_256(tmp_path: Path, width: int, height: int) -> None:
    picture = Image.new("RGB", (width, height), (10, 20, 30))
    picture.paste((200, 100, 50), (0, 0, max(1, width // 20) if width > height else width, max(1, height // 20)))
    picture.save(tmp_path / "picture.png")
    pixels = read_image(tmp_path / "picture.png")
    assert (pixels.shape, pixels.dtype) == ((3, 256, 256), np.uint8)
    assert pixels[:, 128, 128].tolist() == [10, 20, 30]


def test_other_colour_modes_become_rgb(tmp_path: Path) -> None:
    grey = read_image(save_picture(tmp_path / "grey.jpg", 300, 260, 77, "L"))
    inks = read_image(save_picture(tmp_path / "inks.jpg", 300, 260, (0, 255, 255, 0), "CMYK"))
    assert grey[:, 0, 0].tolist() == [77, 77, 77]
    assert inks[0].mean() > 200
    assert inks[1].mean() < 50


def test_a_damaged_image_is_told(tmp_path: Path) -> None:
    whole = photographs()[0][0].read_bytes()
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.jpg").touch()
    for name in ("half.jpg", "empty.jpg", "none.jpg"):
        with pytest.raises(FoolingError, match=f"{name} is not a readable image"):
            read_image(tmp_path / name)


def test_networks_of_other_images_are_told() -> None:
    few, grey, small = BySide(), BySide(), BySide()
    few.classes = 10
    grey.image_shape = (1, 28, 28)
    small.any_size, small.image_shape = False, (3, 32, 32)
    for network, message in ((few, "has 10 classes"), (grey, r"shape \(1, 28, 28\)"), (small, r"shape \(3, 32, 32\)")):
        with pytest.raises(FoolingError, match=message):
            score_natural(photographs(), {"net": network}, "photographs")


@pytest.fixture
def lite0(tmp_path: Path) -> Classifier:
    trained = load_pretrained(PretrainedSettings(architecture="efficientnet-lite0"))
    save_networks(tmp_path / "lite0.npz", [trained], {})
    return load_classifier(tmp_path / "lite0.npz", torch.device("cpu"))


def test_lite0_knows_the_photographs(lite0: Classifier) -> None:
    """The photographs, their labels, the decoding and the network fit together: 18 of 20 are labelled rightly."""
    images = photographs()
    assert len(images) == 20
    table = score_natural(images, {"lite0": lite0}, "photographs")
    assert table["right"].sum() >= 16
    assert (table["top_confidence"] >= table["confidence"]).all()
