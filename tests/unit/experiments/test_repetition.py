import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fooling.experiments.repetition import autocorrelation, find_repetition

DOT, PAPER = (200, 30, 60), (20, 90, 40)


def dots(rows, columns, *, side=128, radius=5, channels=3):
    """Return dots around the given places on plain paper."""
    down, right = np.indices((side, side))
    drawn = np.zeros((side, side), dtype=bool)
    for row in rows:
        for column in columns:
            drawn |= (down - row) ** 2 + (right - column) ** 2 <= radius**2
    colours = [np.where(drawn, DOT[channel], PAPER[channel]) for channel in range(channels)]
    return np.stack(colours).astype(np.uint8)


def grid(down, right, **options):
    return dots(range(down // 2, 128, down), range(right // 2, 128, right), **options)


def test_autocorrelation_against_a_slow_reference():
    image = np.random.default_rng(0).integers(0, 256, (3, 8, 6)).astype(np.float64)
    centred = image - image.mean(axis=(1, 2), keepdims=True)
    fast = autocorrelation(image)
    assert fast.shape == (9, 7)
    for down in range(-4, 5):
        for right in range(-3, 4):
            one = centred[:, max(down, 0) : 8 + min(down, 0), max(right, 0) : 6 + min(right, 0)]
            other = centred[:, max(-down, 0) : 8 + min(-down, 0), max(-right, 0) : 6 + min(-right, 0)]
            means = [part.mean(axis=(1, 2), keepdims=True) for part in (one, other)]
            one, other = one - means[0], other - means[1]
            expected = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
            assert fast[4 + down, 3 + right] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_grid_of_dots(channels):
    image = grid(32, 16, channels=channels)
    found = find_repetition(image, 0.5)
    assert sorted(map(tuple, np.abs(found.periods))) == [(0, 16), (32, 0)]
    assert found.correlation == pytest.approx(1)
    assert found.background.tolist() == list(PAPER[:channels])
    assert found.copies == 4 * 8
    # Each dot lies whole in a cell of its own.
    owners = [set(found.copy[dot].tolist()) for dot in each_dot(32, 16)]
    assert all(len(owner) == 1 for owner in owners)
    assert len(set.union(*owners)) == 32


def each_dot(down, right):
    places = np.indices((128, 128))
    for row in range(down // 2, 128, down):
        for column in range(right // 2, 128, right):
            yield (places[0] - row) ** 2 + (places[1] - column) ** 2 <= 25


def test_copies_are_counted_from_the_centre():
    found = find_repetition(grid(32, 32), 0.5)
    middles = np.array([np.argwhere(found.copy == number).mean(axis=0) for number in range(found.copies)])
    distances = np.hypot(*(middles - 63.5).T)
    assert (np.diff(distances) >= -1e-9).all()


def test_a_slanted_lattice_is_cut_along_its_own_periods():
    places = [(row, column) for row in range(12, 128, 24) for column in range(12 + row // 3, 128, 28)]
    image = np.broadcast_to(np.array(PAPER, dtype=np.uint8)[:, None, None], (3, 128, 128)).copy()
    for row, column in places:
        image[:, row - 4 : row + 5, column - 4 : column + 5] = np.array(DOT, dtype=np.uint8)[:, None, None]
    first, second = find_repetition(image, 0.5).periods
    assert abs(first[0] * second[1] - first[1] * second[0]) == 24 * 28


def test_stripes_have_one_period():
    right = np.arange(128)
    image = np.broadcast_to(np.where(right % 20 < 8, 200, 40).astype(np.uint8), (1, 128, 128))
    found = find_repetition(image, 0.5)
    assert [tuple(np.abs(period)) for period in found.periods] == [(0, 20)]
    assert 6 <= found.copies <= 7


def test_an_image_of_its_own_among_copies_is_no_copy():
    image = grid(32, 32)
    block = image[:, 38:58, 38:58]
    block[:] = np.where(block == block[:, 10:11, 10:11], block[:, :1, :1], block[:, 10:11, 10:11])  # a hole, not a dot
    found = find_repetition(image, 0.5)
    assert found.copies == 15
    assert (found.copy[38:58, 38:58] == -1).all()


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((3, 128, 128), dtype=np.uint8),
        np.broadcast_to(np.arange(128, dtype=np.uint8), (3, 128, 128)),
        np.random.default_rng(2).integers(0, 256, (3, 128, 128)).astype(np.uint8),
        dots([64], [64], radius=30),
        dots([64], [32, 96]),
        np.zeros((3, 1, 1), dtype=np.uint8),
    ],
    ids=["one colour", "slow gradient", "noise", "one dot", "two dots", "one pixel"],
)
def test_images_without_repetition(image):
    assert find_repetition(image, 0.5) is None


@settings(max_examples=15, deadline=None)
@given(st.integers(12, 40), st.integers(12, 40), st.integers(0, 40), st.integers(0, 40))
def test_any_grid_is_found(down, right, top, left):
    image = dots(range(top % down, 128, down), range(left % right, 128, right), radius=4)
    found = find_repetition(image, 0.5)
    assert found is not None
    first, second = found.periods
    assert abs(first[0] * second[1] - first[1] * second[0]) == down * right
    assert found.background.tolist() == list(PAPER)
