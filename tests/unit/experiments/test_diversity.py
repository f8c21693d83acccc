import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fooling.experiments.diversity import farthest_first


def on_circle(*degrees):
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_the_farthest_comes_next():
    assert farthest_first(on_circle(0, 10, 170, 80, 11), 0, 4).tolist() == [0, 2, 3, 4]


def test_of_equal_images_none_comes_twice():
    assert farthest_first(on_circle(5, 5, 5), 1, 3).tolist() == [1, 0, 2]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_each_choice_is_the_one_least_like_those_before(seed, count):
    generator = np.random.default_rng(seed)
    directions = generator.normal(size=(12, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    chosen = [int(generator.integers(12))]
    while len(chosen) < count:
        left = [row for row in range(12) if row not in chosen]
        chosen.append(min(left, key=lambda row: max(directions[row] @ directions[other] for other in chosen)))
    assert farthest_first(directions, chosen[0], count).tolist() == chosen
