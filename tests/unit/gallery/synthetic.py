"""Fooling sets of random images, and what the gallery says of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet


def make_set(images: np.ndarray, targets: list[int], **origin: Any) -> FoolingSet:
    """Return the last images of run 0, the first one the most confident."""
    count = len(images)
    return FoolingSet(
        images=images,
        target=np.array(targets),
        log_confidence=np.log(np.linspace(0.99999, 0.2, count)).astype(np.float32),
        generation=np.full(count, 4),
        born=np.arange(count) % 5,
        run=np.zeros(count, dtype=np.int64),
        origin=small_origin(**{"method": "direct", "classes": 10} | origin),
        provenance={"settings": {"batch": 5, "generations": 4}},
    )


def random_images(count: int, side: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, channels, side, side)).astype(np.uint8)


def read_script(path: Path) -> Any:
    """Return the data in a script of the gallery."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])
