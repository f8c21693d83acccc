from collections.abc import Callable

import numpy as np
import pytest

from fooling.fooling_set import FoolingSet

EVOLUTION = {"method": "cppn", "network": "lenet-1", "dataset": "mnist", "classes": 3, "generations": 20, "batch": 10}


@pytest.fixture
def make_fooling_set() -> Callable[..., FoolingSet]:
    """Return a factory of small fooling sets with distinct random images."""
    generator = np.random.default_rng(0)

    def make(
        *, classes=(0, 1, 2), run=0, confidence=0.99995, generation=20, side=28, channels=1, **origin
    ) -> FoolingSet:
        count = len(classes)
        return FoolingSet(
            images=generator.integers(0, 256, (count, channels, side, side)).astype(np.uint8),
            target=np.array(classes, dtype=np.int64),
            log_confidence=np.log(np.broadcast_to(confidence, count)).astype(np.float32),
            generation=np.full(count, generation),
            born=np.full(count, generation),
            run=np.full(count, run),
            origin=EVOLUTION | origin,
            provenance={},
        )

    return make
