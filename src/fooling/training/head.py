"""A fooling class without ImageNet's images: a frozen network gets one more output, fitted by logistic regression.

A substitute for the paper's retraining on ImageNet (section 3.5), and no more than that: the network's features and its
other outputs stay as they are, and enlarged images of CIFAR-10 stand for natural ones.
"""

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from PIL import Image
from scipy.optimize import minimize
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.architectures import last_linear
from fooling.networks.classifier import NetworkClassifier
from fooling.networks.further_class import learned, with_further_class
from fooling.networks.network_file import TrainedNetwork
from fooling.progress import Progress
from fooling.settings.head_training import HeadTrainingSettings

IMAGES_AT_ONCE = 100
"""Enlarged images in memory: 20 MB."""
_SLOPE = 1e-6
"""Largest derivative of the loss that a fit may end with."""
_log = logging.getLogger(__name__)
_UNTIL = {"maxiter": 5000, "maxfun": 10_000, "gtol": 1e-9, "ftol": 1e-15}


def with_fitted_class(
    base: TrainedNetwork,
    fooling: np.ndarray,
    natural: np.ndarray,
    settings: HeadTrainingSettings,
    *,
    fooling_rounds: int,
    seed: int,
    device: torch.device,
) -> TrainedNetwork:
    """Return the network with one more class, that of fooling images; all other outputs stay as they are.

    Args:
        base: the network DNN1.
        fooling: uint8 (N, C, H, W), of the size that `base` takes.
        natural: uint8 (M, C, h, w), images of any size that are none; they are enlarged.
        settings: of the fit.
        fooling_rounds: that the fooling images come from.
        seed: to be kept with the network; the fit itself is not random.
        device: where features are computed; the fit itself is on the CPU.

    Raises:
        FoolingError: the network has a fooling class already, does not end in one linear layer, or is judged by several
            views; or see `fit`.
    """
    network = with_further_class(base, "weights", seed)
    head, further = _last_layer(base, base.network), _last_layer(base, network)
    if base.preprocessing.views != 1:
        raise FoolingError(f"The network is judged by {base.preprocessing.views} views; set views to 1.")
    classifier = NetworkClassifier(base, device)
    parts = [*_features(classifier, fooling, "fooling images"), *_features(classifier, natural, "natural images")]
    features = torch.cat(parts)
    is_fooling = torch.arange(len(features)) < len(fooling)
    own = features @ head.weight.detach().cpu().double().T + head.bias.detach().cpu().double()
    told = classifier.logits(torch.from_numpy(fooling[:1]).to(device, torch.float32)).cpu().double()
    if not torch.allclose(own[:1], told, rtol=1e-3, atol=1e-3):
        raise _ends_otherwise(base)
    weights, bias = fit(features, is_fooling, own.logsumexp(dim=1), settings.penalty)
    with torch.no_grad():
        further.weight[-1] = weights
        further.bias[-1] = bias
    _log.info("Fitted to %s fooling and %s natural images.", f"{len(fooling):,}", f"{len(natural):,}")
    return learned(base, network, fooling_rounds, {"settings": settings.model_dump(), "seed": seed})


def fit(features: Tensor, is_fooling: Tensor, offset: Tensor, penalty: float) -> tuple[Tensor, float]:
    """Fit the weights of an output z such that the share sigmoid(z - offset) tells fooling images from others.

    With the other logits' logsumexp as `offset`, that share is the softmax's.

    Args:
        features: float64 (N, D).
        is_fooling: bool (N,).
        offset: float64 (N,).
        penalty: on half the squared weights of features of unit variance, beside the mean loss of an image.

    Returns:
        float64 (D,), the weights of the features as given, and the bias.

    Raises:
        FoolingError: the minimum is not found, with so small a penalty or with features that are not finite.
    """
    spread, mean = torch.std_mean(features, dim=0)
    inputs = (features - mean) / spread.clamp_min(1e-6)
    sign = torch.where(is_fooling, -1.0, 1.0).double()

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = torch.from_numpy(parameters[:-1]), parameters[-1]
        wrong = sign * (inputs @ weights + bias - offset)
        value = torch.nn.functional.softplus(wrong).mean() + penalty / 2 * weights.square().sum()
        slope = sign * wrong.sigmoid() / len(inputs)
        gradient = torch.cat([inputs.T @ slope + penalty * weights, slope.sum()[None]])
        return value.item(), gradient.numpy()

    start = np.zeros(features.shape[1] + 1)
    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", options=_UNTIL)
    slope = np.abs(found.jac).max()
    if not slope < _SLOPE:
        raise FoolingError(f"The fit did not come to its end (slope {slope:.1g}); raise penalty.")
    weights = torch.from_numpy(found.x[:-1]) / spread.clamp_min(1e-6)
    return weights, float(found.x[-1] - weights @ mean)


def enlarged(images: np.ndarray, side: int) -> np.ndarray:
    """Resize images, uint8 (N, C, h, w), to (N, C, side, side), bicubic as photographs are."""
    pictures = (Image.fromarray(np.moveaxis(image, 0, -1)) for image in images)
    resized = [np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC)) for picture in pictures]
    return np.moveaxis(np.stack(resized), -1, 1).copy()


def _features(classifier: NetworkClassifier, images: np.ndarray, kind: str) -> Iterator[Tensor]:
    """Yield the features of images, float64 on the CPU, part by part."""
    side = classifier.image_shape[1]
    with Progress(f"features of {kind}", len(images), "image") as progress:
        for begin in range(0, len(images), IMAGES_AT_ONCE):
            part = images[begin : begin + IMAGES_AT_ONCE]
            whole = part if part.shape[2:] == (side, side) else enlarged(part, side)
            yield classifier.features(torch.from_numpy(whole).to(classifier.device)).cpu().double()
            progress.update(begin + len(part), begin + len(part), lambda: f"{side} pixels")


def _last_layer(base: TrainedNetwork, network: nn.Module) -> nn.Linear:
    """Return the layer that makes the logits, of a network or of the same with one output more."""
    layer = last_linear(network)
    if not isinstance(layer, nn.Linear) or layer.bias is None or layer.out_features < base.classes:
        raise _ends_otherwise(base)
    return layer


def _ends_otherwise(base: TrainedNetwork) -> FoolingError:
    return FoolingError(
        f"{base.architecture} does not end in one linear layer with a bias, to which an output could be added."
    )
