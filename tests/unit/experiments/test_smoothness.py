import numpy as np
import pytest

from fooling.experiments.smoothness import high_frequency_share, total_variation


def test_total_variation_is_the_mean_of_all_neighbours():
    images = np.random.default_rng(0).integers(0, 256, (3, 2, 5, 4)).astype(np.uint8)
    expected = []
    for image in images.astype(int):
        steps = [
            abs(channel[row, column] - channel[other])
            for channel in image
            for row in range(5)
            for column in range(4)
            for other in ((row + 1, column), (row, column + 1))
            if other[0] < 5 and other[1] < 4
        ]
        expected.append(np.mean(steps))
    np.testing.assert_allclose(total_variation(images), expected)


def test_total_variation_of_a_ramp_and_of_one_colour():
    ramp = np.broadcast_to(np.arange(0, 60, 3, dtype=np.uint8), (20, 20))
    images = np.stack([ramp, ramp.T, np.full((20, 20), 77, np.uint8)])[:, None]
    np.testing.assert_allclose(total_variation(images), [1.5, 1.5, 0])


def wave(period: float, side: int = 96) -> np.ndarray:
    row = np.rint(128 + 100 * np.sin(2 * np.pi * np.arange(side) / period))
    return np.broadcast_to(row.astype(np.uint8), (1, 1, side, side))


@pytest.mark.parametrize(("period", "expected"), [(32, 0), (8, 0), (6, 0), (3, 1), (2.4, 1)])
def test_waves_shorter_than_four_pixels_are_high(period, expected):
    assert high_frequency_share(wave(period))[0] == pytest.approx(expected, abs=1e-4)
    assert high_frequency_share(wave(period).swapaxes(2, 3))[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("contrast", [5, 40])
def test_white_noise_has_the_stated_share(contrast):
    noise = np.random.default_rng(1).normal(128, contrast, (2, 3, 224, 224)).clip(0, 255).astype(np.uint8)
    np.testing.assert_allclose(high_frequency_share(noise), 1 - np.pi / 16, atol=0.01)


def test_one_colour_has_no_frequencies():
    colour = np.broadcast_to(np.array([9, 80, 200], np.uint8)[:, None, None], (1, 3, 28, 28))
    assert high_frequency_share(colour).tolist() == [0]
