"""The four activation functions of the CPPNs, in arithmetic that every device repeats bit for bit.

sin p; 2 (sigmoid(p) - 1/2); exp(-p**2); clip(p, -3, 3) / 3 (authors' code). They are built from single
float32 additions, multiplications, divisions and roundings in a fixed order, without fused operations, so
that NumPy, a compiled CPU kernel and a GPU give the same bits. They are within 4e-6 of the exact
functions, a thousandth of a grey level. All of them run on NumPy arrays and, inside numba kernels, on `lanes`.
"""

import math
from typing import Any

import numpy as np
from numba.extending import register_jitable

SINE, SIGMOID, GAUSSIAN, LINEAR = range(4)
NAMES = ("sine", "sigmoid", "gaussian", "linear")

_F = np.float32
HALF, ONE, TWO, THREE, FOUR = _F(0.5), _F(1), _F(2), _F(3), _F(4)

# Pi in three parts: products of the first two with a number of half-turns below 4096 are exact.
INVERSE_PI = _F(1 / math.pi)
PI_1 = _F(3.140625)
PI_2 = _F(9.67502593994140625e-4)
PI_3 = _F(math.pi - float(PI_1) - float(PI_2))

# Odd polynomial of the sine on [-pi/2, pi/2], fitted for the least largest error (5e-9).
SIN_3, SIN_5, SIN_7, SIN_9 = _F(-1.66666571e-1), _F(8.33301728e-3), _F(-1.98066145e-4), _F(2.60005336e-6)

# exp(-t) = q(t / 32)**32 with a Taylor polynomial q about 1/2.
EXP_LIMIT = _F(32)
EXP_SCALE = _F(1 / 32)
EXP_TERMS = tuple(_F(math.exp(-0.5) * (-1) ** n / math.factorial(n)) for n in range(9))
E0, E1, E2, E3, E4, E5, E6, E7, E8 = EXP_TERMS


def flipped_if_odd(y: Any, turns: Any) -> Any:
    """Return -y where `turns`, a whole number, is odd, else y; kernels have a shorter way, see `lanes`."""
    odd = turns - TWO * np.floor(turns * HALF)
    return y * (ONE - TWO * odd)


@register_jitable
def sine(p: Any) -> Any:
    """Return sin p for float32 |p| < 12000."""
    turns = np.floor(p * INVERSE_PI + HALF)
    r = ((p - turns * PI_1) - turns * PI_2) - turns * PI_3
    s = r * r
    y = r + r * (s * (SIN_3 + s * (SIN_5 + s * (SIN_7 + s * SIN_9))))
    return flipped_if_odd(y, turns)


@register_jitable
def exp_minus(t: Any) -> Any:
    """Return exp(-t) for float32 t >= 0; below 2e-14 it stays there."""
    u = np.minimum(t, EXP_LIMIT) * EXP_SCALE - HALF
    y = E0 + u * (E1 + u * (E2 + u * (E3 + u * (E4 + u * (E5 + u * (E6 + u * (E7 + u * E8)))))))
    y = y * y
    y = y * y
    y = y * y
    y = y * y
    return y * y


@register_jitable
def sigmoid(p: Any) -> Any:
    """Return 2 (1 / (1 + exp(-p)) - 1/2), in (-1, 1)."""
    e = exp_minus(np.abs(p))
    return np.copysign((ONE - e) / (ONE + e), p)


@register_jitable
def gaussian(p: Any) -> Any:
    """Return exp(-p**2), in (0, 1]."""
    return exp_minus(p * p)


@register_jitable
def linear(p: Any) -> Any:
    """Return clip(p, -3, 3) / 3, in [-1, 1]."""
    return np.maximum(-THREE, np.minimum(THREE, p)) / THREE
