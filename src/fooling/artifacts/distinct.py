"""Which images are equal: one elite may hold many cells, so that of a run's 1000 images on ImageNet many are."""

from collections.abc import Iterable
from hashlib import sha256

import numpy as np


def number_distinct(images: Iterable[np.ndarray], seen: dict[bytes, int] | None = None) -> np.ndarray:
    """Number images by the order in which they first occur; equal ones share a number.

    Args:
        images: uint8, of any shape.
        seen: the numbers of images that came before; new ones are added to it.

    Returns:
        int64 (N,), from 0.
    """
    numbers: dict[bytes, int] = {} if seen is None else seen
    keys = (sha256(image.tobytes()).digest() for image in images)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def first_distinct(images: Iterable[np.ndarray]) -> np.ndarray:
    """Return where each distinct image occurs first, int64 (K,), ascending; see `number_distinct`."""
    return np.unique(number_distinct(images), return_index=True)[1]
