"""Random numbers as a pure function of a seed and a counter.

Each child gets one 64-bit seed from the run's `torch.Generator`; all that happens to it follows from
that seed. So a child does not depend on which others are bred beside it, on the device, or on the
room in the tensors, and a kernel can draw its numbers where it needs them.
"""

import torch
from torch import Tensor

GOLDEN = -7046029254386353131
"""2**64 divided by the golden ratio, as a signed integer (SplitMix64's increment)."""
MIX_1 = -4658895280553007687
MIX_2 = -7723592293110705685


def draw_seeds(count: int, generator: torch.Generator) -> Tensor:
    """Return `count` seeds, int64 (count,), on the generator's device."""
    return torch.randint(-(2**63), 2**63 - 1, (count,), generator=generator, device=generator.device)


def uniform(seeds: Tensor, counters: Tensor | int) -> Tensor:
    """Return numbers uniform on the 2**24 float32 multiples of 2**-24 in [0, 1).

    The bits are SplitMix64's (Steele, Lea and Flood, OOPSLA 2014), with the counter as its step.

    Args:
        seeds: int64, any shape.
        counters: int64, a shape that broadcasts with it.
    """
    step = counters * GOLDEN
    if isinstance(step, int):  # Python's integers do not wrap around, torch's do
        step = (step + 2**63) % 2**64 - 2**63
    bits = seeds + step
    bits = (bits ^ _shift(bits, 30)) * MIX_1
    bits = (bits ^ _shift(bits, 27)) * MIX_2
    bits = bits ^ _shift(bits, 31)
    return _shift(bits, 40).to(torch.float32) * 2.0**-24


def _shift(bits: Tensor, places: int) -> Tensor:
    """Shift right, filling with zeros (torch fills with the sign)."""
    return (bits >> places) & ((1 << (64 - places)) - 1)
