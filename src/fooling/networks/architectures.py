"""Networks by name, with random weights: what a network file needs to say to be built again."""

import importlib
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from fooling.errors import FoolingError
from fooling.networks.convnet import ConvNet
from fooling.networks.lenet import LeNet
from fooling.settings.pretrained import INSTALLED as LITE

LIBRARIES = ("torchvision", "timm")
"""Architectures of a library are named `LIBRARY/NAME`, such as `torchvision/alexnet`."""
_QUIRKS: dict[str, dict[str, Any]] = {
    # Their published weights were trained on inputs of another scale, and have heads that only training uses.
    "torchvision/googlenet": {"transform_input": True, "aux_logits": False, "init_weights": False},
    "torchvision/inception_v3": {"transform_input": True, "aux_logits": False, "init_weights": False},
}


def build_network(architecture: str, classes: int, **options: Any) -> nn.Module:
    """Return a network in evaluation mode, ready for weights that `fold_batch_norm` has folded where it folds.

    Args:
        architecture: `lenet`, `convnet`, one of `LITE` (their batch normalisation is folded), or `LIBRARY/NAME`.
        classes: outputs.
        options: of LeNet or the convnet; the others take none.

    Raises:
        FoolingError: there is no such architecture, or its library is not installed.
    """
    network = published_network(architecture, classes, **options)
    return fold_batch_norm(network) if architecture in LITE else network


def published_network(architecture: str, classes: int, **options: Any) -> nn.Module:
    """Return the same network, ready for weights as they are published."""
    if architecture == "lenet":
        return LeNet(classes, **options).eval()
    if architecture == "convnet":
        return ConvNet(classes, **options).eval()
    if architecture in LITE:
        # Imported here, as below, so that work with other networks does not wait for it.
        package = importlib.import_module("efficientnet_lite_pytorch")
        lite: nn.Module = package.EfficientNet.from_name(architecture, num_classes=classes)
        return lite.eval()
    library, _, name = architecture.partition("/")
    if library not in LIBRARIES:
        raise FoolingError(
            f"There is no architecture {architecture}{_nearest(architecture, ['lenet', 'convnet', *LITE])}"
        )
    make, names = _library(library)
    if name not in names():
        raise FoolingError(f"{library} has no network {name}{_nearest(name, names())}")
    made: nn.Module = make(name, num_classes=classes, **_QUIRKS.get(architecture, {}))
    return made.eval()


def _library(library: str) -> tuple[Callable[..., nn.Module], Callable[[], list[str]]]:
    try:
        module = importlib.import_module("torchvision.models" if library == "torchvision" else library)
    except ImportError as error:
        raise FoolingError(f"{library} is not installed; run: pip install {library}") from error
    return (module.get_model if library == "torchvision" else module.create_model), module.list_models


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}." if near else "; there is " + ", ".join(known[:8]) + ", …"


def fold_batch_norm(network: nn.Module) -> nn.Module:
    """Fold every batch normalisation into the convolution registered before it, in place; returns the network.

    Only for networks whose modules are registered in the order in which they are applied.
    """
    for module in list(network.modules()):
        for convolution, norm in _pairs(module):
            folded = fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm))
            setattr(module, convolution, folded)
            setattr(module, norm, nn.Identity())
    return network


def _pairs(module: nn.Module) -> Iterator[tuple[str, str]]:
    last = ""
    for name, child in list(module.named_children()):
        if isinstance(child, nn.BatchNorm2d) and last:
            yield last, name
        last = name if isinstance(child, nn.Conv2d) else ""


def last_linear(network: nn.Module) -> nn.Module:
    """Return the last linear (or 1 x 1 convolution) layer, whose input are the network's features.

    Raises:
        FoolingError: there is none.
    """
    layers = [module for module in network.modules() if isinstance(module, nn.Linear | nn.Conv2d)]
    if not layers:
        raise FoolingError("This network has no linear layer, so that it has no features to compare images by.")
    return layers[-1]


def check_fits(network: nn.Module, shape: tuple[int, int, int]) -> None:
    """Check that a network on the `meta` device takes inputs of a shape.

    Raises:
        FoolingError: it does not.
    """
    try:
        network(torch.empty(2, *shape, device="meta"))
    except (RuntimeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise FoolingError(f"The network cannot take inputs of {shape[1]} x {shape[2]} pixels ({reason}).") from error
