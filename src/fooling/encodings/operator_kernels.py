"""Random numbers and polynomial mutation inside compiled kernels; see `counter_random` and `operators`."""

import numpy as np

from fooling.encodings.counter_random import GOLDEN, MIX_1, MIX_2
from fooling.encodings.kernel_cache import compiled

_GOLDEN, _MIX_1, _MIX_2 = (np.uint64(constant % 2**64) for constant in (GOLDEN, MIX_1, MIX_2))


@compiled
def uniform(seed: int, counter: int) -> np.float32:
    """Return the number in [0, 1) that `counter_random.uniform` gives for this seed and counter."""
    bits = np.uint64(seed) + np.uint64(counter) * _GOLDEN
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    bits ^= bits >> np.uint64(31)
    return np.float32(bits >> np.uint64(40)) * np.float32(2.0**-24)


@compiled
def polynomial_step(u: np.float32, eta: float) -> np.float32:
    """Return the step of polynomial mutation; see `operators.polynomial_step`."""
    below = u < np.float32(0.5)
    # One power for both sides, since which side it is cannot be predicted.
    power = (np.float32(2) * (u if below else np.float32(1) - u)) ** np.float32(1 / (eta + 1))
    return power - np.float32(1) if below else np.float32(1) - power


@compiled
def choose(u: np.float32, count: int) -> int:
    """Turn a uniform number into a whole number below `count`."""
    return int(np.float64(u) * count)
