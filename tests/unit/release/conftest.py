from collections.abc import Callable

import numpy as np
import pytest
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet


@pytest.fixture
def make_set() -> Callable[..., FoolingSet]:
    """Return a factory of fooling sets of random images."""
    generator = np.random.default_rng(3)

    def make(targets, confidences, *, side=28, channels=1, born=7, run=0, **origin) -> FoolingSet:
        count = len(targets)
        return FoolingSet(
            images=generator.integers(0, 256, (count, channels, side, side)).astype(np.uint8),
            target=np.array(targets),
            log_confidence=np.log(confidences).astype(np.float32),
            generation=np.full(count, 9),
            born=np.full(count, born),
            run=np.full(count, run),
            origin=small_origin(**{"classes": 10} | origin),
            provenance={"step": "evolve_cppn"},
        )

    return make
