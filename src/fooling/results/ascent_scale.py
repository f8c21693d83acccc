"""What all figures of gradient ascent say of their scale and of how their pixels are shown."""

from collections.abc import Sequence

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.results.wording import counted, listed

PAPER_SCALE = {
    "imagenet": "The paper: 20 classes \N{MULTIPLICATION SIGN} 5 starts, 500\u20131,500 iterations, CaffeNet"
}
"""By data set."""


def scale_sentences(runs: Sequence[FoolingSet]) -> list[str]:
    """Return how much was done: networks, classes, starts, iterations, and how much in the paper."""
    networks = listed(run.origin.network for run in runs)
    starts = len(np.unique(np.concatenate([run.run for run in runs])))
    iterations = max(int(run.generation.max()) for run in runs) + 1
    fixed = any(run.ascent.rule == "fixed_length" for run in runs)
    rule = " of steps of fixed length" if fixed else ""
    ours = (
        f"{networks}, {len(runs[0])} classes \N{MULTIPLICATION SIGN} {counted(starts, 'start')}, "
        f"at most {counted(iterations, 'iteration')}{rule}"
    )
    dataset = runs[0].origin.dataset
    return [ours, PAPER_SCALE[dataset]] if dataset in PAPER_SCALE else [ours]


def scaling_sentence(factor: int) -> str:
    """Return how mean-subtracted images were made visible."""
    times = "" if factor == 1 else f", {factor} times as strong"
    return f"Shown is the difference from the mean colour{times}, around mid-grey"
