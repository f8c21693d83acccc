import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from fooling.figures.parts.png import TOLERANCE
from fooling.figures.parts.style import DPI, save_figure


def pictured(pixels):
    """A figure whose pixels are these, height x width x 3 in 0-255, beside a line of text in a rare colour."""
    height, width = pixels.shape[:2]
    figure = plt.figure(figsize=((width + 100) / DPI, height / DPI))
    figure.figimage(pixels)
    figure.text(1, 0.5, "rare", size=4, color="#b34700", ha="right")
    return figure


def drawn(figure):
    """What matplotlib itself writes."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def saved(figure, path):
    figure.set_dpi(DPI)
    save_figure(figure, [path])
    image = Image.open(path)
    difference = np.abs(np.asarray(image.convert("RGB"), dtype=int) - drawn(figure))
    return image, difference.max()


def test_a_grey_picture_takes_a_byte_for_each_pixel_and_looks_the_same(rng, tmp_path):
    grey = np.repeat(rng.integers(256, size=(200, 200, 1), dtype=np.uint8), 3, axis=2)
    image, difference = saved(pictured(grey), tmp_path / "grey.png")
    assert image.mode == "P"
    assert difference <= TOLERANCE
    assert image.info["dpi"] == pytest.approx((DPI, DPI), rel=1e-3)


@pytest.mark.parametrize("colours", [1000, 40_000])
def test_a_colourful_picture_keeps_every_colour(colours, rng, tmp_path):
    palette = rng.integers(256, size=(colours, 3), dtype=np.uint8)
    pixels = palette[rng.integers(colours, size=(200, 200))]
    image, difference = saved(pictured(pixels), tmp_path / "colours.png")
    assert (image.mode, difference) == ("RGB", 0)


def test_a_drawing_in_few_colours_is_exact(tmp_path):
    stripes = np.repeat(np.eye(3, dtype=np.uint8) * 255, 70, axis=0)[:, None, :].repeat(200, axis=1)
    figure = pictured(stripes)
    figure.texts[0].remove()
    image, difference = saved(figure, tmp_path / "stripes.png")
    assert (image.mode, difference) == ("P", 0)
