import json
import string
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from fooling.data.datasets import load_dataset
from fooling.data.formats import idx_content, read_idx
from fooling.data.glyphs.drawing import TEST_IMAGES, TRAIN_IMAGES, Part, draw_part, parts
from fooling.data.glyphs.faces import Face, font_files, read_face
from fooling.errors import FoolingError
from fooling.settings.datasets import GLYPHS
from fooling.settings.glyph_characters import CHARACTERS
from fooling.steps.data.draw_glyphs import draw_glyphs

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
LETTERS = "AOXTL"


def face(name: str) -> Face:
    return read_face(FONTS / f"{name}.ttf")


@pytest.fixture(scope="module")
def train() -> Part:
    return parts([face("DejaVuSans"), face("DejaVuSerif")], [face("DejaVuSansMono")])[0]


def test_equal_fonts_and_seeds_give_equal_images(train):
    first = draw_part(train, LETTERS, seed=3)
    assert first.shape == (5, TRAIN_IMAGES, 28, 28)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, draw_part(train, LETTERS, seed=3))
    assert (first != draw_part(train, LETTERS, seed=4)).any(axis=(2, 3)).all()


def test_the_images_of_a_character_do_not_depend_on_the_other_classes(train):
    np.testing.assert_array_equal(draw_part(train, "RA", seed=0)[::-1], draw_part(train, "AR", seed=0))


def test_no_two_images_are_equal_and_each_shows_ink_on_black(train):
    images = draw_part(train, LETTERS, seed=0)
    assert len({image.tobytes() for image in images.reshape(-1, 784)}) == 5 * TRAIN_IMAGES
    assert (images.max(axis=(2, 3)) > 150).all()
    assert np.median(images) < 30


def test_fonts_take_turns(train):
    images = draw_part(train, "Q", seed=0)[0].astype(float)
    sans, serif = images[0::2].mean(axis=0), images[1::2].mean(axis=0)
    of_sans = draw_part(Part("train", TRAIN_IMAGES, train.faces[:1]), "Q", seed=0)[0].mean(axis=0)
    assert np.abs(of_sans - sans).mean() < np.abs(of_sans - serif).mean() / 2


def test_letters_can_be_told_apart_in_a_font_that_was_held_out(train):
    test = Part("test", TEST_IMAGES, (face("DejaVuSansMono"),))
    means = draw_part(train, LETTERS, seed=0).mean(axis=1).reshape(5, -1)
    images = draw_part(test, LETTERS, seed=0).reshape(-1, 784)
    nearest = ((images[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == np.repeat(np.arange(5), TEST_IMAGES)).mean() > 0.6


def test_a_family_is_in_one_part_alone():
    sans, bold, mono = face("DejaVuSans"), face("DejaVuSans-Bold"), face("DejaVuSansMono")
    with pytest.raises(FoolingError, match="DejaVu Sans is among the fonts for training and those for testing"):
        parts([sans, mono], [bold])
    assert [part.name for part in parts([sans, bold], [mono])] == ["train", "test"]


@pytest.mark.parametrize(("train", "test"), [(["DejaVuSans"], ["DejaVuSansMono"]), (["DejaVuSans", "DejaVuSerif"], [])])
def test_too_few_fonts_are_a_sentence(train, test):
    with pytest.raises(FoolingError, match="need 2 fonts for training and one of another family"):
        parts([face(name) for name in train], [face(name) for name in test])


def test_a_font_without_a_character_is_named():
    with pytest.raises(FoolingError, match=r"DejaVu Sans Book \(.*\) has no 啊 \(U\+554A\); leave this font out"):
        face("DejaVuSans").draw("A啊")
    with pytest.raises(FoolingError, match=r"has no .* \(U\+3000\)"):
        face("DejaVuSans").draw("\u3000")


def test_characters_that_look_alike_are_refused(train):
    with pytest.raises(FoolingError, match="draws Α and A alike at 28 pixels"):  # noqa: RUF001, a Greek letter
        draw_part(train, "AΑ", seed=0)  # noqa: RUF001


def test_a_file_that_is_no_font_is_named(tmp_path):
    (tmp_path / "letter.ttf").write_text("Dear reader")
    with pytest.raises(FoolingError, match=r"letter\.ttf is no font that can be read"):
        read_face(tmp_path / "letter.ttf")


def test_a_folder_stands_for_its_fonts_by_name(tmp_path):
    for name in ("b.TTF", "a.otf", ".hidden.ttf", "licence.txt"):
        (tmp_path / name).touch()
    assert font_files([tmp_path]) == [tmp_path / "a.otf", tmp_path / "b.TTF"]
    with pytest.raises(FoolingError, match=r"a\.otf is named twice"):
        font_files([tmp_path, tmp_path / "a.otf"])
    with pytest.raises(FoolingError, match=r"There is no font .*gone\.ttf; install it"):
        font_files([tmp_path / "gone.ttf"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(FoolingError, match="empty holds no font"):
        font_files([tmp_path / "empty"])


def test_the_step_writes_the_images_and_names_each_font(tmp_path):
    train, test = [face("DejaVuSans"), face("DejaVuSerif")], [face("DejaVuSansMono")]
    draw_glyphs(train, test, tmp_path, LETTERS)
    assert read_idx(tmp_path / GLYPHS.files[0]).shape == (5, TRAIN_IMAGES, 28, 28)
    assert read_idx(tmp_path / GLYPHS.files[1]).shape == (5, TEST_IMAGES, 28, 28)
    record = json.loads((tmp_path / "provenance.json").read_text())
    assert [len(font["sha256"]) for font in record["inputs"]] == [64] * 3
    assert record["settings"]["test_fonts"] == ["DejaVu Sans Mono Book"]
    assert set(record["settings"]["drawn_with"]) == {"pillow", "freetype"}
    written = [(tmp_path / name).read_bytes() for name in GLYPHS.files]
    draw_glyphs(train, test, tmp_path, LETTERS)
    assert written == [(tmp_path / name).read_bytes() for name in GLYPHS.files]


def test_the_files_are_read_class_by_class(tmp_path):
    numbers = np.arange(1000, dtype=np.uint16)[:, None, None, None] // 4
    for name, images in zip(GLYPHS.files, (3, 2), strict=True):
        (tmp_path / name).write_bytes(idx_content(np.broadcast_to(numbers, (1000, images, 28, 28)).astype(np.uint8)))
    dataset = load_dataset("glyphs", tmp_path)
    assert dataset.train_images.shape == (3000, 1, 28, 28)
    assert dataset.test_labels.tolist() == [number for number in range(1000) for _ in range(2)]
    np.testing.assert_array_equal(dataset.train_images[:, 0, 0, 0], dataset.train_labels // 4)
    (tmp_path / GLYPHS.files[1]).write_bytes(idx_content(np.zeros((10, 2, 28, 28), np.uint8)))
    with pytest.raises(FoolingError, match="are not those of glyphs; delete them and draw them again"):
        load_dataset("glyphs", tmp_path)


def test_the_characters_are_a_thousand_different_ones_of_level_1():
    assert len(set(CHARACTERS)) == GLYPHS.classes == len(GLYPHS.class_names) == 1000
    assert CHARACTERS[0] == "啊"  # the first of GB 2312
    assert GLYPHS.class_names[0] == "U+554A"
    assert all(0xB0 <= character.encode("gb2312")[0] <= 0xD7 for character in CHARACTERS)
    assert not set(CHARACTERS) & set(string.printable)
