import math
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from fooling.detection.detectors import Detector
from fooling.detection.guard import STOPPED, GuardedClassifier, guarded
from fooling.detection.observer import Observed, Observer
from fooling.errors import FoolingError
from fooling.networks.classifier import log_softmax
from fooling.networks.network_file import load_network

# What a float32 network can say: hundreds of thousands of nats would take logits that far apart.
log_confidences = st.lists(st.floats(-1e6, 0, width=32), min_size=3, max_size=3)
scores = st.floats(-1e300, 1e300)
spreads = st.floats(1e-300, 1e300)


def fitness(said: list[float], score: float, least: float, spread: float) -> list[float]:
    row = guarded(torch.tensor([said]), np.array([score]), least, spread)
    assert row.dtype == torch.float32
    return row[0].tolist()


def slow_fitness(said: list[float], score: float, least: float, spread: float) -> list[float]:
    """Judge one image as the guard is described."""
    if score >= least:
        return said
    away = min((least - score) / spread, sys.float_info.max)
    return [STOPPED * (1 + math.log1p(away))] * len(said)


@given(log_confidences, scores, scores, spreads)
def test_the_fitness_is_that_of_the_description(said, score, least, spread):
    np.testing.assert_allclose(fitness(said, score, least, spread), slow_fitness(said, score, least, spread), rtol=1e-6)


@given(log_confidences, st.tuples(scores, scores).map(sorted))
def test_what_passes_keeps_the_log_confidences_of_the_network(said, ordered):
    least, score = ordered
    assert fitness(said, score, least, 1.0) == said


@given(log_confidences, log_confidences, st.tuples(scores, scores, scores).map(sorted), spreads)
def test_what_passes_beats_what_does_not_in_every_class(passing, stopped, ordered, spread):
    low, least, high = ordered
    assume(low < least)
    assert max(fitness(stopped, low, least, spread)) < min(fitness(passing, high, least, spread))


@given(st.floats(0, 1e12), st.floats(1.0001, 1e6), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_the_nearer_one_of_two_that_are_stopped_is_fitter_in_all_classes_alike(away, times, least, spread):
    near, far = least - (away + 0.01) * spread, least - (away + 0.01) * times * spread
    assume(far < near < least)
    values = fitness([-1.0, -2.0, -3.0], near, least, spread), fitness([0.0, -9.0, -9.0], far, least, spread)
    assert len(set(values[0])) == len(set(values[1])) == 1
    assert values[0][0] > values[1][0] > -math.inf
    assert math.exp(values[0][0]) == 0


def by_brightness(observed: Observed) -> np.ndarray:
    """Score an image by how dark it is."""
    return -observed.images.double().mean(dim=(1, 2, 3)).numpy()


def grey(*levels: int) -> torch.Tensor:
    return torch.tensor(levels, dtype=torch.uint8)[:, None, None, None].expand(-1, 1, 28, 28).contiguous()


@pytest.fixture
def observer(network: Path) -> Observer:
    return Observer(load_network(network), "lenet-1", torch.device("cpu"))


@pytest.fixture
def classifier(observer: Observer) -> GuardedClassifier:
    return GuardedClassifier(observer, Detector("energy", by_brightness), grey(*range(1, 101)))


def test_it_takes_the_place_of_its_network(classifier, observer):
    for name in ("classes", "image_shape", "input_shape", "any_size", "device"):
        assert getattr(classifier, name) == getattr(observer.classifier, name)


def test_95_of_100_natural_images_pass(classifier):
    assert classifier.threshold == -95
    assert classifier.spread == pytest.approx(np.arange(1, 101).std())
    assert classifier.passes(grey(0, 94, 95, 96, 255)).tolist() == [True, True, True, False, False]


def test_images_are_judged_by_the_network_and_its_guard(classifier, observer):
    images = grey(30, 96, 90, 120)
    said = classifier.log_confidence(images)
    alone = log_softmax(observer(images).logits)
    assert said.dtype == torch.float32
    assert torch.equal(said[[0, 2]], alone[[0, 2]])
    torch.testing.assert_close(said[0], observer.classifier.log_confidence(images)[0])
    expected = [STOPPED * (1 + math.log1p(away / classifier.spread)) for away in (1, 25)]
    np.testing.assert_allclose(said[[1, 3]].numpy(), np.repeat(expected, 10).reshape(2, 10), rtol=1e-6)


def test_there_are_no_gradients_past_a_guard(classifier):
    with pytest.raises(FoolingError, match="no gradients; use it for evolution"):
        classifier.logits(torch.zeros(1, 1, 28, 28))


def test_what_sets_no_threshold_is_told(observer):
    with pytest.raises(FoolingError, match="needs 20 of them at least, not 19"):
        GuardedClassifier(observer, Detector("energy", by_brightness), grey(*range(19)))
    with pytest.raises(FoolingError, match="energy gives all 30 natural images one score, by which it stops none"):
        GuardedClassifier(observer, Detector("energy", by_brightness), grey(*[7] * 30))
