import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from fooling.figures.parts.image_grid import Cell, Layout, Panel, Row, draw_image_grid
from fooling.figures.parts.style import DPI, WARNING


def draw(cells, **layout):
    columns = [str(number) for number in range(len(cells))]
    return draw_image_grid([Panel([Row("row", cells)])], columns, "title", ["subtitle"], Layout(**layout))


def gray(value, side=28):
    return np.full((1, side, side), value, dtype=np.uint8)


@pytest.mark.parametrize("side", [1, 28, 30, 32, 100])
def test_a_pixel_is_a_whole_number_of_dots(side):
    dots = Layout(side=0.56).fitted(side) * DPI
    assert dots == pytest.approx(round(dots))
    assert round(dots) % side == 0
    assert 0.28 * DPI < dots <= 0.56 * DPI


def test_large_images_are_reduced_to_the_side():
    assert Layout(side=0.56).fitted(256) == pytest.approx(0.56)


def test_every_pixel_is_printed_alike():
    image = np.random.default_rng(0).integers(0, 256, (1, 28, 28)).astype(np.uint8)
    figure = draw([Cell(gray(0), (0.99999,)), Cell(image, (0.99999,))])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    printed = np.asarray(canvas.buffer_rgba())[..., 0]
    drawn = figure.axes[0].images[1]
    left, right, bottom, top = (round(edge * DPI) for edge in drawn.get_extent())
    assert (right - left) == (bottom - top) == 6 * 28
    # Middles of the pixels, away from the frame.
    assert np.array_equal(printed[top + 3 : bottom : 6, left + 3 : right : 6], image[0])


def test_colour_images_keep_their_channels():
    image = np.random.default_rng(0).integers(0, 256, (3, 8, 8)).astype(np.uint8)
    (drawn,) = draw([Cell(image, (0.5,))]).axes[0].images
    assert np.array_equal(drawn.get_array(), np.moveaxis(image, 0, -1))


def test_a_gap_stays_empty():
    figure = draw([Cell(gray(0), (1.0,)), None, Cell(gray(255), (1.0,))])
    first, last = figure.axes[0].images
    assert last.get_extent()[0] - first.get_extent()[0] == pytest.approx(2 * (0.56 + 0.04))


def test_what_misses_the_threshold_is_marked_by_caption_and_frame():
    figure = draw([Cell(gray(0), (0.9999, 0.5)), Cell(gray(0), (0.99995, 0.9999))], caption_lines=2)
    orange = [text.get_text() for text in figure.axes[0].texts if text.get_color() == WARNING]
    assert orange == ["50.00\N{THIN SPACE}%"]
    assert [patch.get_linewidth() > 0.5 for patch in figure.axes[0].patches] == [True, False]


def test_panels_stand_side_by_side_and_then_beneath():
    panels = [Panel([Row(f"row {number}", [Cell(gray(number), (1.0,))])]) for number in range(3)]
    figure = draw_image_grid(panels, ["0"], "title", [], Layout(across=2))
    places = [(image.get_extent()[0], image.get_extent()[3]) for image in figure.axes[0].images]
    assert places[0][1] == places[1][1] < places[2][1]
    assert places[0][0] == places[2][0] < places[1][0]
    width, height = figure.get_size_inches()
    assert all(0 <= image.get_extent()[1] <= width for image in figure.axes[0].images)
    assert all(0 <= image.get_extent()[2] <= height for image in figure.axes[0].images)
