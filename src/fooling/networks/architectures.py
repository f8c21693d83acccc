"""Networks by name, with random weights: what a network file needs to say to be built again."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from fooling.errors import FoolingError
from fooling.networks.libraries import library_of


def build_network(architecture: str, classes: int, **options: Any) -> nn.Module:
    """Return a network in evaluation mode, ready for weights that `fold_batch_norm` has folded where its library folds.

    Args:
        architecture: its name, see `library_of`.
        classes: outputs.
        options: of LeNet, the convnet or the resnet; or `input_size` of those in libraries that are built for one.

    Raises:
        FoolingError: there is no such architecture, its library is not installed, or it cannot be built so.
    """
    network = published_network(architecture, classes, **options)
    library, _ = library_of(architecture)
    return fold_batch_norm(network) if library.is_folded else network


def published_network(architecture: str, classes: int, **options: Any) -> nn.Module:
    """Return the same network, ready for weights as they are published."""
    library, name = library_of(architecture)
    try:
        return library.build(name, classes, **options).eval()
    except FoolingError:
        raise
    except Exception as error:  # networks of others raise what they like
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise FoolingError(f"{architecture} cannot be built for {classes} classes ({reason}).") from error


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


def check_fits(network: nn.Module, shape: tuple[int, int, int], classes: int) -> None:
    """Check that a network on the `meta` device takes inputs of a shape and tells so many classes apart.

    Raises:
        FoolingError: it does not.
    """
    try:
        outputs = network(torch.empty(2, *shape, device="meta"))
    except Exception as error:  # networks of others raise what they like
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise FoolingError(
            f"The network cannot take inputs of {shape[1]} x {shape[2]} pixels ({reason.rstrip('.')}); choose another "
            "input_size."
        ) from error
    if not isinstance(outputs, torch.Tensor) or outputs.shape != (2, classes):
        raise FoolingError(f"The network is no classifier of {classes} classes; choose one that is.")
