"""The stages of a generation, each with its own clock."""

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from benchmarks.timing import seconds
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import advance
from fooling.networks.classifier import NetworkClassifier

STAGES = ("breed", "render", "network", "archive", "record", "rest")


class Timed:
    """An object some of whose methods are timed; all else is passed on.

    Args:
        inner: the object.
        stages: the stage to which each timed method belongs.
        clock: where the seconds of each stage are added up.
        device: where the object computes.
    """

    def __init__(
        self, inner: object, stages: Mapping[str, str], clock: defaultdict[str, float], device: torch.device
    ) -> None:
        self._inner = inner
        self._stages = stages
        self._clock = clock
        self._device = device

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return functools.partial(self._call, value, self._stages[name]) if name in self._stages else value

    def _call(self, method: Callable[..., object], stage: str, *inputs: object) -> object:
        result: list[object] = []
        self._clock[stage] += seconds(lambda: result.append(method(*inputs)), self._device)
        return result[0]


def time_stages(run: Evolution, classifier: NetworkClassifier, generations: int) -> dict[str, np.ndarray]:
    """Let a run go on for so many generations; return the seconds of each, (generations,), by stage."""
    device = classifier.device
    clock: defaultdict[str, float] = defaultdict(float)

    def timed(inner: object, **stages: str) -> Any:
        return Timed(inner, stages, clock, device)

    run.encoding = timed(run.encoding, mutate="breed", render="render")
    network = timed(classifier, log_confidence="network")
    run.archive = timed(run.archive, sample="archive", challenge="archive")
    run.history = timed(run.history, record="record")
    taken = []
    for _ in range(generations):
        clock.clear()
        whole = seconds(lambda: advance([run], network), device)
        clock["rest"] = whole - sum(clock.values())
        taken.append([clock[stage] for stage in STAGES])
    return dict(zip(STAGES, np.array(taken).T, strict=True))
