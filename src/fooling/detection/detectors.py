"""Detectors of unnatural images, fitted to one network; pytorch-ood has the methods and their papers.

A score is higher for an image that looks more natural. Hyperparameters are those of the methods' authors, as far as
pytorch-ood has them as defaults.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import torch
from pytorch_ood import detector as methods
from pytorch_ood.api import Detector as Method
from torch import Tensor, nn

from fooling.detection.observer import Observed, Observer, batches
from fooling.errors import FoolingError
from fooling.settings.detection import DetectorName

logging.getLogger("pytorch_ood").setLevel(logging.WARNING)  # it tells of every fit

ODIN_STEP = 0.0014 * 255
"""In grey levels."""


@dataclass(frozen=True)
class Detector:
    """A method, fitted to a network.

    Attributes:
        name: of the method.
        scores: maps what the network says of images to their scores, float64 (N,); higher is more natural.
    """

    name: DetectorName
    scores: Callable[[Observed], np.ndarray]


def fit_detector(
    name: DetectorName, observer: Observer, training: Observed | None = None, labels: Tensor | None = None
) -> Detector:
    """Fit a detector.

    Args:
        name: of the method.
        observer: of the network.
        training: natural images of the network's data set; None if there are none.
        labels: int64 (N,), their classes.

    Raises:
        FoolingError: the detector needs features that the network does not give, or images that are not there; or it
            cannot be fitted to them.
    """
    kind = _KINDS[name]
    if kind.looks_at in _OF_FEATURES and observer.head is None:
        raise FoolingError(
            f"The detector {name} needs features of which a linear layer makes the logits, and {observer.name} has "
            "none; leave it out."
        )
    method = kind.build(observer)
    if method.requires_fit:
        if training is None or labels is None:
            raise FoolingError(
                f"The detector {name} is fitted to training images, and there are none of {observer.dataset}; give the "
                "data set's folder, or leave the detector out."
            )
        _fit(method, kind, name, training, labels)

    def scores(observed: Observed) -> np.ndarray:
        outlying = kind.predict(method, observed)
        numbers: np.ndarray = -outlying.detach().cpu().numpy().astype(np.float64)
        unjudged = np.count_nonzero(~np.isfinite(numbers))
        if unjudged:
            raise FoolingError(
                f"The detector {name} gives no number for {unjudged} of {len(numbers)} images; leave it out."
            )
        return numbers

    return Detector(name, scores)


_Part = Literal["images", "logits", "features", "feature_maps"]
_OF_FEATURES = ("features", "feature_maps")


@dataclass(frozen=True)
class _Kind:
    """What a method looks at, and how it is made for a network."""

    looks_at: _Part
    build: Callable[[Observer], Method]

    def part(self, observed: Observed) -> Tensor:
        """Return what it looks at; logits in float64, since softmax in float32 is 1 for many images."""
        if self.looks_at == "logits":
            return observed.logits.double()
        assert observed.features is not None
        return observed.features[:, :, None, None] if self.looks_at == "feature_maps" else observed.features

    def predict(self, method: Method, observed: Observed) -> Tensor:
        """Return how outlying images are, (N,)."""
        if self.looks_at == "images":
            return torch.cat([method.predict(part.to(torch.float32)) for part in batches(observed.images)])
        predict: Callable[[Tensor], Tensor] = getattr(method, f"predict_{self.looks_at}")
        return predict(self.part(observed))


def _fit(method: Method, kind: _Kind, name: str, training: Observed, labels: Tensor) -> None:
    try:
        getattr(method, f"fit_{kind.looks_at}")(kind.part(training).cpu(), labels.cpu())
    except (ValueError, AssertionError) as error:
        reason = str(error) or "not every class is among them"
        raise FoolingError(
            f"The detector {name} cannot be fitted to {len(labels)} images ({reason}); give more training images, or "
            "leave it out."
        ) from error


def _flat_head(observer: Observer) -> nn.Module:
    return nn.Sequential(nn.Flatten(), _head(observer))


def _head(observer: Observer) -> nn.Linear:
    assert observer.head is not None
    return observer.head


class _Mahalanobis(methods.Mahalanobis):
    """In float64: where features are many or hardly vary, squared distances by float32's inverse may be negative."""

    def fit_features(self, z: Tensor, y: Tensor) -> Self:
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)  # the covariance is made with it
        try:
            return super().fit_features(z.double(), y)
        finally:
            torch.set_default_dtype(usual)

    def predict_features(self, z: Tensor) -> Tensor:
        return super().predict_features(z.double())


class _OpenMax(methods.OpenMax):
    """With an image of each class in every batch, since distances to classes that none has are left at zero."""

    def predict_logits(self, logits: Tensor) -> Tensor:
        each = torch.eye(logits.shape[1], dtype=logits.dtype, device=logits.device)
        return super().predict_logits(torch.cat([logits, each]))[: len(logits)]


def _vim(observer: Observer) -> Method:
    head = _head(observer)
    bias = torch.zeros(head.out_features) if head.bias is None else head.bias
    return methods.ViM(None, d=head.in_features // 2, w=head.weight, b=bias.to(head.weight.device))


_KINDS: Mapping[DetectorName, _Kind] = {
    "max_softmax": _Kind("logits", lambda _: methods.MaxSoftmax(None)),
    "max_logit": _Kind("logits", lambda _: methods.MaxLogit(None)),
    "energy": _Kind("logits", lambda _: methods.EnergyBased(None)),
    "entropy": _Kind("logits", lambda _: methods.Entropy(None)),
    "odin": _Kind("images", lambda observer: methods.ODIN(observer.classifier.logits, eps=ODIN_STEP)),
    "openmax": _Kind("logits", lambda _: _OpenMax(None)),
    "mahalanobis": _Kind("features", lambda _: _Mahalanobis(None)),
    "knn": _Kind("features", lambda _: methods.KNN(None)),
    "vim": _Kind("features", _vim),
    "react": _Kind("feature_maps", lambda observer: methods.ReAct(None, _flat_head(observer))),
    "ash": _Kind("feature_maps", lambda observer: methods.ASH(None, _flat_head(observer))),
    "she": _Kind("features", lambda observer: methods.SHE(None, _head(observer))),
}
