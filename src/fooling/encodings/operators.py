"""Variation operators on genes in [0, 1] (paper, section 2.2; Sferes' `gen/float.hpp`)."""

import torch
from torch import Tensor


def polynomial_step(uniform: Tensor, eta: float) -> Tensor:
    """Return the step of polynomial mutation for a uniform number in [0, 1): in (-1, 1), mostly small.

    Args:
        uniform: float32, any shape.
        eta: distribution index; the larger, the smaller the steps.
    """
    exponent = 1 / (eta + 1)
    # Clamped so that the branch not taken stays finite.
    below = (2 * uniform.clamp(max=0.5)) ** exponent - 1
    above = 1 - (2 * (1 - uniform.clamp(min=0.5))) ** exponent
    return torch.where(uniform < 0.5, below, above)


def simulated_binary_crossover(first: Tensor, second: Tensor, uniform: Tensor, eta: float) -> tuple[Tensor, Tensor]:
    """Return the two children of bounded simulated binary crossover (Deb and Agrawal 1995) on [0, 1].

    Where both parents carry the same gene the children get 0.5, a quirk of the authors' released code.

    Args:
        first: genes of one parent, float32, any shape.
        second: genes of the other, the same shape.
        uniform: float32 in [0, 1), the same shape.
        eta: distribution index; the larger, the nearer the children to their parents.
    """
    low, high = torch.minimum(first, second), torch.maximum(first, second)
    distance = high - low
    equal = distance == 0
    safe = torch.where(equal, 1.0, distance)
    middle = (low + high) / 2
    lower_child = middle - _spread(uniform, 1 + 2 * low / safe, eta) * distance / 2
    upper_child = middle + _spread(uniform, 1 + 2 * (1 - high) / safe, eta) * distance / 2
    lower_child, upper_child = (torch.where(equal, 0.5, child.clamp(0, 1)) for child in (lower_child, upper_child))
    first_is_low = first <= second
    return (
        torch.where(first_is_low, lower_child, upper_child),
        torch.where(first_is_low, upper_child, lower_child),
    )


def _spread(uniform: Tensor, bound: Tensor, eta: float) -> Tensor:
    """Return SBX's spread factor, limited so that no child leaves [0, 1]."""
    alpha = 2 - bound ** -(eta + 1)
    inner = uniform * alpha
    contracting = inner.clamp(max=1) ** (1 / (eta + 1))
    expanding = (1 / (2 - inner.clamp(min=1))) ** (1 / (eta + 1))
    return torch.where(inner <= 1, contracting, expanding)
