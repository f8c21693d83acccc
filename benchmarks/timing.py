"""Timing side by side: whatever is compared runs in turns, so that a busy machine slows all of it alike."""

import time
from collections.abc import Callable, Mapping

import numpy as np
import torch


def synchronise(device: torch.device) -> None:
    """Wait until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds(function: Callable[[], object], device: torch.device) -> float:
    """Return how long one call takes."""
    synchronise(device)
    began = time.perf_counter()
    function()
    synchronise(device)
    return time.perf_counter() - began


def alternate(
    functions: Mapping[str, Callable[[], object]], device: torch.device, budget: float, least: int = 5
) -> dict[str, np.ndarray]:
    """Time the functions in turns, A B A B ..., after one unmeasured turn.

    Args:
        functions: what to call, by name.
        device: where they compute.
        budget: seconds after which no turn begins.
        least: turns that are taken whatever they cost.

    Returns:
        The seconds of each call, float64 (turns,), by name; equal positions ran side by side.
    """
    for function in functions.values():
        function()
    taken: dict[str, list[float]] = {name: [] for name in functions}
    began, turns = time.perf_counter(), 0
    while turns < least or time.perf_counter() - began < budget:
        for name, function in functions.items():
            taken[name].append(seconds(function, device))
        turns += 1
    return {name: np.array(values) for name, values in taken.items()}


def spread(values: np.ndarray, digits: int = 3) -> str:
    """Return the median and, in brackets, the range."""
    median, low, high = (f"{value:.{digits}f}" for value in (np.median(values), values.min(), values.max()))
    return f"{median} ({low}-{high})"
