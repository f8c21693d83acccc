"""The runs of one encoding against one network as confidences by class, without the images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet
from fooling.data.imagenet.classes import kinds_of
from fooling.errors import FoolingError
from fooling.results.wording import counted, method_name

THRESHOLDS = {0.5: "50", 0.9: "90", 0.99: "99", 0.9999: "9999"}
"""Confidences for which the classes that reach them are counted, and how the names of columns spell them."""


@dataclass(frozen=True)
class ClassRuns:
    """Confidences of the final images, by run and class.

    Attributes:
        method: `direct` or `cppn`.
        network: what they were evolved against.
        dataset: whose classes they are, such as `imagenet`.
        generations: of each run.
        batch: children of each generation.
        seeds: of the runs.
        target: int64 (classes,), ascending.
        confidence: float64 (runs, classes) in [0, 1].
        distinct: for each run, how many of its images differ; one elite may hold many classes.
    """

    method: str
    network: str
    dataset: str
    generations: int
    batch: int
    seeds: Sequence[int]
    target: np.ndarray
    confidence: np.ndarray
    distinct: Sequence[int]

    @property
    def name(self) -> str:
        """How figures call the encoding and the network."""
        return f"{method_name(self.method)}, {self.network}"

    @property
    def scale(self) -> str:
        """How many runs there are, and how long they are."""
        runs = counted(len(self.confidence), "run")
        return f"{runs} of {counted(self.generations, 'generation')} \N{MULTIPLICATION SIGN} {self.batch:,} children"

    @property
    def median(self) -> np.ndarray:
        """Median over the runs of each class's confidence, float64 (classes,)."""
        return np.median(self.confidence, axis=0)

    def reaching(self, confidence: float) -> int:
        """Return how many classes have a median over the runs of at least `confidence`."""
        return int((self.median >= confidence).sum())

    def kinds(self, *hypernyms: str) -> np.ndarray:
        """Return which classes are kinds of one of WordNet's `hypernyms`, bool (classes,); none beyond ImageNet."""
        if self.dataset != "imagenet":
            return np.zeros(len(self.target), dtype=bool)
        return np.isin(self.target, [number for hypernym in hypernyms for number in kinds_of(hypernym)])


def gather_class_runs(fooling_sets: Iterable[FoolingSet]) -> list[ClassRuns]:
    """Sum up evolution's fooling sets: one `ClassRuns` for each encoding and network, in the order they first come.

    Only one set need be in memory at a time.

    Raises:
        FoolingError: there is no image, a set is not of evolution, a run is given twice or has two final images
            of a class, or the runs of one encoding against one network differ in scale or classes.
    """
    groups: dict[tuple[str, str], list[ClassRuns]] = {}
    for fooling_set in fooling_sets:
        for run in _split(fooling_set):
            groups.setdefault((run.method, run.network), []).append(run)
    if not groups:
        raise FoolingError("There are no runs of evolution: give at least one fooling set that holds images.")
    return [_join(runs) for runs in groups.values()]


def _split(fooling_set: FoolingSet) -> list[ClassRuns]:
    """Return each run of a fooling set by itself."""
    final = fooling_set.final()
    return [_run(final, seed) for seed in np.unique(final.run).tolist()]


def _run(final: FoolingSet, seed: int) -> ClassRuns:
    rows = np.flatnonzero(final.run == seed)
    rows = rows[np.argsort(final.target[rows], kind="stable")]
    target = final.target[rows]
    if len(np.unique(target)) < len(target):
        raise FoolingError(f"Run {seed} has two final images of one class; give one set for each run.")
    origin = final.evolution
    return ClassRuns(
        method=origin.method,
        network=origin.network,
        dataset=origin.dataset,
        generations=origin.generations,
        batch=origin.batch,
        seeds=[seed],
        target=target,
        confidence=final.confidence[rows][None],
        distinct=[len(first_distinct(final.images[row] for row in rows))],
    )


def _join(runs: Sequence[ClassRuns]) -> ClassRuns:
    first = runs[0]
    seeds = [seed for run in runs for seed in run.seeds]
    if len(set(seeds)) < len(seeds):
        raise FoolingError(f"{first.name}: a run is given twice (seeds {', '.join(map(str, seeds))}); give each once.")
    for run in runs:
        if run.scale != first.scale or run.dataset != first.dataset:
            raise FoolingError(
                f"{first.name}: runs of different scale were given ({first.scale}; {run.scale}); "
                "a median needs equal ones."
            )
        if not np.array_equal(run.target, first.target):
            raise FoolingError(f"{first.name}: the runs have different classes; a median needs the same.")
    return replace(
        first,
        seeds=seeds,
        confidence=np.concatenate([run.confidence for run in runs]),
        distinct=[count for run in runs for count in run.distinct],
    )
