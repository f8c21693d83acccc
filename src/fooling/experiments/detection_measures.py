"""How well scores tell natural images from unknown ones: AUROC, AUPR, what passes at 95 %; and intervals of them.

Natural images are the positives: a score is higher for what looks more natural.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fooling.detection.threshold import check_enough, least_passing
from fooling.errors import FoolingError
from fooling.experiments.siblings import INTERVAL, RESAMPLES, Estimate

CONFIDENT = 0.99
"""The confidence from which an image counts as one that fools the network."""
MEASURES = ("auroc", "aupr", "fpr95", "fooling_passes")


@dataclass(frozen=True)
class Scores:
    """What one detector says of images, on one network.

    Attributes:
        natural: float64 (N,), scores of natural images.
        unknown: float64 (M,), of images that it should catch.
        confidence: float64 (M,), of the network in the latter, in [0, 1].
    """

    natural: np.ndarray
    unknown: np.ndarray
    confidence: np.ndarray


def measure(scores: Sequence[Scores], generator: np.random.Generator) -> dict[str, Estimate]:
    """Measure a detector, with bootstrap intervals over networks and over the images of each.

    Args:
        scores: of each network.
        generator: of the bootstrap.

    Returns:
        The mean over the networks of: auroc, the probability that a natural image scores higher than an unknown one
        (ties count half); aupr, the average precision, as if there were as many unknown images as natural ones; fpr95,
        the share of unknown images that reach the threshold which 95 % of the natural ones reach; fooling_passes, the
        same share of the unknown images with a confidence of 0.99 or more, over the networks that have some; NaN
        without any.

    Raises:
        FoolingError: a network has too few natural images for a threshold, or no unknown image.
    """
    values = np.stack([_measure(each, generator) for each in scores])
    weights = _draws(len(scores), generator)[:, None] * np.isfinite(values)
    total = weights.sum(axis=0)
    means = np.divide(
        (weights * np.nan_to_num(values)).sum(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0
    )
    return {name: _estimate(mean) for name, mean in zip(MEASURES, means, strict=True)}


def _measure(scores: Scores, generator: np.random.Generator) -> np.ndarray:
    """Return the measures of one network, float64 (4, 1 + RESAMPLES): of all images, then of those drawn."""
    check_enough(len(scores.natural))
    if not len(scores.unknown):
        raise FoolingError("There is no unknown image to measure a detector by; give a set that holds some.")
    natural = np.sort(scores.natural)[::-1]
    order = np.argsort(-scores.unknown, kind="stable")
    unknown, is_fooling = scores.unknown[order], scores.confidence[order] >= CONFIDENT
    # A row for each image, the highest score first, and how often it is drawn.
    hits, alarms = _draws(len(natural), generator), _draws(len(unknown), generator)
    hits_above, alarms_above, fooling_above = map(_sums, (hits, alarms, alarms * is_fooling[:, None]))
    reached_by = _reaching(unknown, natural)

    beaten = hits_above[_reaching(natural, unknown)] + hits_above[_beyond(natural, unknown)]
    true, false = hits_above[_reaching(natural, natural)] / len(natural), alarms_above[reached_by] / len(unknown)
    last = (hits_above[1:] >= least_passing(len(natural))).argmax(axis=0)
    at_95 = reached_by[last], np.arange(hits.shape[1])
    return np.stack(
        [
            np.einsum("ij,ij->j", alarms, beaten) / (2 * len(natural) * len(unknown)),
            np.einsum("ij,ij->j", hits, true / np.maximum(true + false, np.finfo(float).tiny)) / len(natural),
            alarms_above[at_95] / len(unknown),
            np.divide(
                fooling_above[at_95],
                fooling_above[-1],
                out=np.full(hits.shape[1], np.nan),
                where=fooling_above[-1] > 0,
            ),
        ]
    )


def _draws(count: int, generator: np.random.Generator) -> np.ndarray:
    """Return how often each of `count` things is drawn, int64 (count, 1 + RESAMPLES): once in the first column."""
    drawn = generator.integers(0, count, (count, RESAMPLES)) * RESAMPLES + np.arange(RESAMPLES)
    numbers = np.bincount(drawn.ravel(), minlength=count * RESAMPLES).reshape(count, RESAMPLES)
    return np.concatenate([np.ones((count, 1), dtype=np.int64), numbers], axis=1)


def _sums(drawn: np.ndarray) -> np.ndarray:
    """Return how many of the first 0, 1, 2, … images are drawn, int64 (1 + count, 1 + RESAMPLES)."""
    return np.concatenate([np.zeros((1, drawn.shape[1]), dtype=np.int64), drawn.cumsum(axis=0)])


def _reaching(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Return how many of the descending scores are at least each threshold."""
    return np.searchsorted(-scores, -thresholds, side="right")


def _beyond(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Return how many of the descending scores are higher than each threshold."""
    return np.searchsorted(-scores, -thresholds, side="left")


def _estimate(values: np.ndarray) -> Estimate:
    """Return the first value, which is the measured one, and the interval of the others, which are drawn."""
    drawn = values[1:][np.isfinite(values[1:])]
    if not len(drawn):
        return Estimate(float(values[0]), np.nan, np.nan)
    low, high = np.quantile(drawn, ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return Estimate(float(values[0]), float(low), float(high))
