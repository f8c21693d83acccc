"""A network with one class more than another: that of fooling images."""

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.libraries import library_of
from fooling.networks.network_file import TrainedNetwork


def with_further_class(base: TrainedNetwork, start: str, seed: int) -> nn.Module:
    """Return a network of the architecture of `base` with one class more.

    Args:
        base: without a fooling class.
        start: `weights` takes those of `base`, and random ones for the new output alone; `scratch` none.
        seed: of the random weights, which are torchvision's or timm's own.

    Raises:
        FoolingError: `base` has a fooling class already, or cannot be trained from scratch.
    """
    if base.fooling_rounds:
        raise FoolingError(
            f"The base network has a fooling class of {base.fooling_rounds} rounds already; give DNN1, which has none."
        )
    library, _ = library_of(base.architecture)
    if start == "scratch" and library.is_folded:
        raise FoolingError(
            f"{base.architecture} has lost its batch normalisation here and learns nothing from scratch; set start to "
            "weights."
        )
    # The libraries initialise by torch's global generator.
    torch.manual_seed(seeded_generator(seed, torch.device("cpu"), "initialisation").initial_seed())
    network = build_network(base.architecture, base.classes + 1, **base.options)
    if start == "weights":
        weights = network.state_dict()
        for name, value in base.network.state_dict().items():
            if weights[name].shape == value.shape:
                weights[name].copy_(value)
            else:
                weights[name][: base.classes] = value
    return network


def learned(base: TrainedNetwork, network: nn.Module, fooling_rounds: int, training: dict[str, Any]) -> TrainedNetwork:
    """Return what `base` has become.

    Args:
        base: the network without a fooling class.
        network: that `with_further_class` returned, trained.
        fooling_rounds: that its fooling images come from.
        training: how it was trained, to be kept with it.
    """
    return replace(
        base,
        network=network.eval(),
        classes=base.classes + 1,
        labels=[*base.labels, "fooling image"] if base.labels else (),
        training=training,
        fooling_rounds=fooling_rounds,
    )
