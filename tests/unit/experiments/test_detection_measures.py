import math
from statistics import NormalDist

import numpy as np
import pytest

from fooling.detection.threshold import threshold
from fooling.errors import FoolingError
from fooling.experiments.detection_measures import Scores, measure


def of(natural, unknown, confidence=1.0) -> Scores:
    unknown = np.asarray(unknown, dtype=np.float64)
    return Scores(np.asarray(natural, dtype=np.float64), unknown, np.broadcast_to(confidence, unknown.shape))


def measured(*scores: Scores) -> dict[str, float]:
    return {name: estimate.value for name, estimate in measure(scores, np.random.default_rng(0)).items()}


def slowly_measured(scores: Scores) -> dict[str, float]:
    """Return the same by the definitions, pair by pair and threshold by threshold."""
    wins = [(a > b) + (a == b) / 2 for a in scores.natural for b in scores.unknown]
    reached, average = 0.0, 0.0
    at_95 = max(t for t in scores.natural if np.mean(scores.natural >= t) >= 0.95)
    for t in sorted({*scores.natural, *scores.unknown}, reverse=True):
        true, false = np.mean(scores.natural >= t), np.mean(scores.unknown >= t)
        average += (true - reached) * true / (true + false)
        reached = true
    sure = scores.unknown[scores.confidence >= 0.99]
    return {
        "auroc": np.mean(wins),
        "aupr": average,
        "fpr95": np.mean(scores.unknown >= at_95),
        "fooling_passes": np.mean(sure >= at_95) if len(sure) else math.nan,
    }


@pytest.mark.parametrize("levels", [3, 20, 10**9])
def test_measures_are_those_of_their_definitions(levels):
    generator = np.random.default_rng(levels)
    for count in (20, 21, 57):
        natural, unknown = generator.integers(0, levels, count) + levels // 5, generator.integers(0, levels, 31)
        scores = of(natural, unknown, generator.choice([0.5, 0.99, 1], 31))
        assert measured(scores) == pytest.approx(slowly_measured(scores), abs=1e-12)
        assert threshold(scores.natural) == max(t for t in natural if np.mean(natural >= t) >= 0.95)


@pytest.mark.parametrize("distance", [0.0, 1.0, 2.5])
def test_two_normal_distributions_have_the_area_of_the_closed_form(distance):
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((place + 0.5) / 1000) for place in range(1000)])
    found = measure([of(scores + distance, scores)], np.random.default_rng(0))
    area = normal.cdf(distance / math.sqrt(2))
    false_alarms = normal.cdf(-distance - normal.inv_cdf(0.05))
    assert found["auroc"].value == pytest.approx(area, abs=1e-3)
    assert found["auroc"].low < area < found["auroc"].high
    assert found["fpr95"].value == pytest.approx(false_alarms, abs=2e-3)
    assert found["fpr95"].low < false_alarms < found["fpr95"].high


def test_the_interval_of_one_network_is_as_wide_as_theory_says():
    # Hanley and McNeil (1982) for exponential scores: Q1 = A / (2 - A), Q2 = 2 A^2 / (1 + A); here A = 3 / 4.
    generator = np.random.default_rng(1)
    count, area = 500, 0.75
    found = measure([of(generator.exponential(3, count), generator.exponential(1, count))], generator)["auroc"]
    variance = area * (1 - area) + (count - 1) * (area / (2 - area) + 2 * area**2 / (1 + area) - 2 * area**2)
    assert found.value == pytest.approx(area, abs=0.03)
    assert found.high - found.low == pytest.approx(2 * 1.96 * math.sqrt(variance) / count, rel=0.15)


def test_order_alone_counts():
    natural, unknown = np.arange(40) + 10.0, np.arange(30) * 1.7
    assert measured(of(natural, unknown)) == measured(of(natural**3, unknown**3))


def test_perfect_blind_and_mistaken_detectors():
    assert measured(of(np.ones(20), np.zeros(9))) == {"auroc": 1, "aupr": 1, "fpr95": 0, "fooling_passes": 0}
    assert measured(of(np.ones(20), np.ones(9))) == {"auroc": 0.5, "aupr": 0.5, "fpr95": 1, "fooling_passes": 1}
    mistaken = measured(of(np.zeros(20), np.ones(9)))
    assert (mistaken["auroc"], mistaken["fpr95"]) == (0, 1)


def test_networks_count_alike_and_their_difference_widens_the_interval():
    good, bad = of(np.ones(20), np.zeros(900)), of(np.ones(20), np.ones(3), 0.5)
    found = measure([good, bad], np.random.default_rng(0))
    assert found["auroc"].value == 0.75
    assert (found["auroc"].low, found["auroc"].high) == (0.5, 1)
    assert (found["fooling_passes"].value, found["fooling_passes"].high) == (0, 0)


def test_without_confident_images_nothing_is_said_of_them():
    assert all(
        map(math.isnan, vars(measure([of(np.ones(20), [0], 0.9)], np.random.default_rng(0))["fooling_passes"]).values())
    )


def test_too_few_images_are_told():
    with pytest.raises(FoolingError, match="needs 20 of them at least, not 19"):
        measured(of(np.ones(19), np.zeros(5)))
    with pytest.raises(FoolingError, match="no unknown image"):
        measured(of(np.ones(20), []))
    with pytest.raises(FoolingError, match="not 0; give more"):
        threshold(np.zeros(0))
