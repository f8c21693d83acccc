import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fooling.artifacts.distinct import first_distinct, number_distinct


def images(kinds: list[int]) -> np.ndarray:
    return np.stack([np.full((1, 2, 2), kind, dtype=np.uint8) for kind in kinds])


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20))
def test_equal_images_share_the_number_of_the_first(kinds):
    order = list(dict.fromkeys(kinds))
    assert number_distinct(images(kinds)).tolist() == [order.index(kind) for kind in kinds]
    assert first_distinct(images(kinds)).tolist() == [kinds.index(kind) for kind in order]


def test_numbers_go_on_where_earlier_images_ended():
    seen: dict[bytes, int] = {}
    assert number_distinct(images([7, 8, 7]), seen).tolist() == [0, 1, 0]
    assert number_distinct(images([9, 8, 9]), seen).tolist() == [2, 1, 2]
    assert number_distinct([]).dtype == np.int64
