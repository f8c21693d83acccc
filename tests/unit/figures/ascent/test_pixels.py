import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.figures.ascent.pixels import EMBEDDED_PIXELS, embedded_side, shrink, subtract_means

MEAN = [100.0, 120.5, 140.0]


@pytest.mark.parametrize(("images", "side"), [(1, 224), (30, 28), (5, 224), (100, 224), (400, 224)])
def test_a_figure_embeds_no_more_than_its_pixels(images, side):
    embedded = embedded_side(images, side)
    assert embedded == side or images * (embedded + 1) ** 2 > EMBEDDED_PIXELS
    assert images * embedded**2 <= EMBEDDED_PIXELS


def test_shrunk_pixels_are_means_of_what_they_cover():
    images = np.random.default_rng(0).integers(0, 256, (2, 3, 12, 12)).astype(np.uint8)
    expected = images.reshape(2, 3, 4, 3, 4, 3).mean(axis=(3, 5))
    np.testing.assert_allclose(shrink(images, 4), expected, rtol=1e-6)
    np.testing.assert_array_equal(shrink(images, 12), images)


def test_difference_from_the_mean_colour_keeps_its_sign_and_ratios(make_fooling_set):
    run = make_fooling_set(classes=(0, 1), side=20, channels=3, method="ascent", mean=MEAN)
    offset = np.random.default_rng(0).integers(-10, 11, run.images.shape)
    run.images[:] = np.array(MEAN)[:, None, None] + offset
    (shown,), factor = subtract_means([run], 20)
    assert factor == 12
    exact = run.images - np.array(MEAN)[:, None, None]
    np.testing.assert_allclose(shown.astype(float), 128 + 12 * exact, atol=0.5)


def test_an_image_of_the_mean_colour_is_mid_grey(make_fooling_set):
    run = make_fooling_set(side=20, channels=3, method="ascent", mean=[7.0, 8.0, 9.0])
    run.images[:] = np.array([7, 8, 9], np.uint8)[:, None, None]
    (shown,), _ = subtract_means([run], 20)
    assert np.unique(shown).tolist() == [128]


def test_one_factor_for_all_runs(make_fooling_set):
    weak, strong = (make_fooling_set(side=20, channels=3, method="ascent", mean=MEAN) for _ in range(2))
    weak.images[:] = (np.array(MEAN) + 1).astype(np.uint8)[:, None, None]
    strong.images[:] = (np.array(MEAN) + 60).astype(np.uint8)[:, None, None]
    (one, other), factor = subtract_means([weak, strong], 20)
    assert factor == 2
    assert one[0, 0, 0, 0] == 130
    assert other[0, 0, 0, 0] == 248


def test_evolved_images_have_no_mean_colour(make_fooling_set):
    with pytest.raises(FoolingError, match=r"of evolution \(cppn\) is given where one of gradient ascent"):
        subtract_means([make_fooling_set()], 28)
