"""One order of CIFAR-100's images, whatever source they come from.

The authors' archive has them shuffled; a folder of sheets has them class by class. Here they stand by class and, within
it, by the SHA-256 of their pixels. So every source gives the same bytes, and one digest checks pixels and labels.
"""

import hashlib
import math

import numpy as np

from fooling.settings.datasets import CIFAR100

COARSE, FINE = 0, 1
"""Columns of the labels in a record."""
LABELS = 2
RECORD = LABELS + math.prod(CIFAR100.image_shape)
"""Bytes of an image with its labels."""


def in_order(records: np.ndarray, column: int) -> np.ndarray:
    """Return CIFAR-100's records in the order of a label, and of the SHA-256 of the pixels.

    Args:
        records: uint8 (N, RECORD).
        column: of the label, `COARSE` or `FINE`.
    """
    digests = [hashlib.sha256(pixels).digest() for pixels in np.ascontiguousarray(records[:, LABELS:])]
    return records[sorted(range(len(records)), key=lambda row: (records[row, column], digests[row]))]


def file_in_order(content: bytes) -> bytes:
    """Return a binary file of CIFAR-100 with its records in order; what is no such file stays as it is."""
    if len(content) % RECORD:
        return content
    return in_order(np.frombuffer(content, np.uint8).reshape(-1, RECORD), FINE).tobytes()
