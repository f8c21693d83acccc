from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from fooling.detection.detectors import Detector, fit_detector
from fooling.detection.observer import Observed, Observer
from fooling.errors import FoolingError
from fooling.networks.classifier import log_softmax
from fooling.networks.network_file import load_network
from fooling.settings.detection import DETECTORS, FITTED


def natural_images(count: int, seed: int) -> torch.Tensor:
    """Return images of ten kinds: strokes at ten places, with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 20, (count, 1, 28, 28), generator=generator, dtype=torch.uint8)
    for number, image in enumerate(images):
        place = 2 * (number % 10)
        image[0, place : place + 8, place // 2 : place // 2 + 12] += 200
    return images


def strange_images(count: int) -> torch.Tensor:
    return torch.randint(0, 256, (count, 1, 28, 28), generator=torch.Generator().manual_seed(9), dtype=torch.uint8)


@pytest.fixture
def observer(network: Path) -> Observer:
    return Observer(load_network(network), "lenet-1", torch.device("cpu"))


@pytest.fixture
def training(observer: Observer) -> tuple[Observed, torch.Tensor]:
    """Return images, each with the network's own label, and one of each class at least."""
    seen = observer(torch.cat([natural_images(300, 1), strange_images(20)]))
    labels = seen.logits.argmax(dim=1)
    kinds, labels = labels.unique(return_inverse=True)
    head = observer.head
    assert head is not None
    # Outputs that win for some image alone remain, so that every class is there.
    observer.head = nn.Linear(head.in_features, len(kinds)).requires_grad_(requires_grad=False)
    observer.head.weight[:], observer.head.bias[:] = head.weight[kinds], head.bias[kinds]
    return replace(seen, logits=seen.logits[:, kinds]), labels


@pytest.mark.parametrize("name", DETECTORS)
class TestEach:
    def fitted(self, name, observer, training) -> Detector:
        return fit_detector(name, observer, *training)

    def test_an_image_is_judged_by_itself(self, name, observer, training):
        detector = self.fitted(name, observer, training)
        images = torch.cat([natural_images(30, 2), strange_images(30)])
        together, again = detector.scores(observer(images)), detector.scores(observer(images))
        assert together.dtype == np.float64
        assert together.shape == (60,)
        np.testing.assert_array_equal(together, again)
        np.testing.assert_allclose(detector.scores(observer(images[25:35])), together[25:35], rtol=1e-3, atol=1e-6)

    def test_training_images_are_needed_by_some(self, name, observer):
        if name in FITTED:
            with pytest.raises(FoolingError, match=f"{name} is fitted to training images, and there are none of mnist"):
                fit_detector(name, observer)
        else:
            fit_detector(name, observer)


def test_scores_are_higher_for_what_looks_natural(observer, training):
    natural, strange = observer(natural_images(100, 2)), observer(strange_images(50))
    for name in ("mahalanobis", "knn", "vim"):
        detector = fit_detector(name, observer, *training)
        assert np.median(detector.scores(natural)) > np.median(detector.scores(strange)), name


def test_scores_of_logits_are_those_of_their_definitions(observer):
    seen = observer(strange_images(40))
    logits = seen.logits.double().numpy()
    log_confidence = log_softmax(seen.logits.double()).numpy()
    expected = {
        "max_softmax": np.exp(log_confidence.max(axis=1)),
        "max_logit": logits.max(axis=1),
        "energy": np.log(np.exp(logits).sum(axis=1)),
        "entropy": (np.exp(log_confidence) * log_confidence).sum(axis=1),
    }
    for name, scores in expected.items():
        np.testing.assert_allclose(fit_detector(name, observer).scores(seen), scores, rtol=1e-4)


def test_scores_of_features_are_those_of_their_definitions(observer, training):
    seen, labels = observer(strange_images(40)), training[1].numpy()
    known, features = training[0].features.double().numpy(), seen.features.double().numpy()
    means = np.stack([known[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    centred = known - means[labels]
    precision = np.linalg.inv(centred.T @ centred + 1e-6 * np.eye(known.shape[1]))
    apart = features[:, None] - means
    distance = np.einsum("ncd,de,nce->nc", apart, precision, apart).min(axis=1) / 2
    directions = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (features, known)]
    away = np.sqrt((2 - 2 * directions[0] @ directions[1].T).clip(min=0))
    head = observer.head.weight.double().numpy(), observer.head.bias.double().numpy()
    clipped = features.clip(max=np.percentile(known, 90)) @ head[0].T + head[1]
    winner = (features @ head[0].T + head[1]).argmax(axis=1)
    expected = {
        "mahalanobis": -distance,
        "knn": -np.sort(away, axis=1)[:, 49],
        "react": np.log(np.exp(clipped).sum(axis=1)),
        "she": (features * means[winner]).sum(axis=1),
    }
    for name, scores in expected.items():
        np.testing.assert_allclose(
            fit_detector(name, observer, *training).scores(seen), scores, rtol=2e-3, err_msg=name
        )


def test_certain_images_are_told_apart(observer):
    # In float32 the softmax of both is 1.
    logits = torch.tensor([[30.0, 0, 0], [28.0, 0, 0]])
    scores = fit_detector("max_softmax", observer).scores(Observed(torch.zeros(2, 1, 28, 28), logits, None))
    assert scores[0] > scores[1]


def test_what_cannot_be_fitted_is_told(observer, training):
    seen, labels = training
    few = Observed(seen.images[:30], seen.logits[:30], seen.features[:30])
    with pytest.raises(FoolingError, match=r"knn cannot be fitted to 30 images \(k=50 exceeds"):
        fit_detector("knn", observer, few, labels[:30])
    with pytest.raises(FoolingError, match=r"mahalanobis cannot be fitted to 320 images \(not every class is among"):
        fit_detector("mahalanobis", observer, seen, labels + 1)


def test_no_numbers_are_told(observer):
    bad = Observed(torch.zeros(2, 1, 28, 28), torch.tensor([[1.0, 0], [torch.nan, 0]]), None)
    with pytest.raises(FoolingError, match="energy gives no number for 1 of 2 images"):
        fit_detector("energy", observer).scores(bad)
