"""Fooling sets as rows of a figure: one for each run, its images in the order of the classes."""

from collections.abc import Sequence

from fooling.artifacts.fooling_set import FoolingSet
from fooling.figures.parts.image_grid import Cell
from fooling.results.wording import THRESHOLD, format_confidence


def cells_of(run: FoolingSet) -> list[Cell]:
    """Return the images of a run with their confidences."""
    return [Cell(image, (value,)) for image, value in zip(run.images, run.confidence.tolist(), strict=True)]


def threshold_sentence(runs: Sequence[FoolingSet]) -> str:
    """Return how many images reach the paper's confidence, and how a figure shows those that do not."""
    reached = sum(int((run.confidence >= THRESHOLD).sum()) for run in runs)
    images = sum(map(len, runs))
    verdict = f"{reached:,} of {images:,} images reach a confidence of {format_confidence(THRESHOLD)}"
    return verdict if reached == images else f"{verdict}, the others in orange"
