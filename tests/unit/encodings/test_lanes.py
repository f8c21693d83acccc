"""Inside kernels the activations give the bits that they give for NumPy arrays."""

import numba
import numpy as np
import pytest

from fooling.encodings import activations
from fooling.encodings.lanes import LANES, lanes_of, load, store


def arguments() -> np.ndarray:
    """Return float32 of every size, both zeros, and the neighbours of where functions bend: a multiple of LANES."""
    bends = np.float32([0, 1e-38, 1e-20, 0.5, 3, 32, 5.656854, np.pi / 2, np.pi, 6.5 * np.pi, 9000, 11_999])
    around = np.concatenate([np.nextafter(bends, np.float32(side)) for side in (-np.inf, np.inf)] + [bends])
    drawn = np.random.default_rng(0).uniform(-1, 1, 60 * LANES) * 10.0 ** np.repeat(np.arange(-2, 4), 10 * LANES)
    values = np.concatenate([around, -around, drawn]).astype(np.float32)
    return values[: len(values) // LANES * LANES]


@pytest.mark.parametrize("name", activations.NAMES)
def test_activations_give_the_same_bits_in_lanes(name: str) -> None:
    function = getattr(activations, name)

    @numba.njit
    def run(p: np.ndarray, values: np.ndarray) -> None:
        for position in range(0, len(p), LANES):
            store(values, position, function(load(p, position)))

    p = arguments()
    values = np.empty_like(p)
    run(p, values)
    with np.errstate(under="ignore", over="ignore"):
        expected = function(p)
    np.testing.assert_array_equal(values.view(np.int32), expected.view(np.int32))


def test_lanes_are_read_and_written_where_they_are_asked_to_and_nowhere_else() -> None:
    @numba.njit
    def run(values: np.ndarray) -> None:
        store(values, 3, np.float32(2) * load(values, 1) + lanes_of(np.float32(0.5)))

    values = np.arange(LANES + 5, dtype=np.float32)
    run(values)
    expected = np.arange(LANES + 5, dtype=np.float32)
    expected[3:-2] = 2 * expected[1:-4] + 0.5
    np.testing.assert_array_equal(values, expected)
