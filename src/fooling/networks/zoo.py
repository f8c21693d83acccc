"""Networks that were trained elsewhere: their published or a user's weights, and how their inputs are made."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.architectures import check_fits, fold_batch_norm, published_network
from fooling.networks.libraries import Inputs, library_of
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.networks.state_dicts import StateDict
from fooling.networks.weights_check import fit_weights
from fooling.networks.weights_file import read_checkpoint
from fooling.settings.class_labels import read_labels
from fooling.settings.pretrained import PretrainedSettings

IMAGENET_INPUTS = Inputs(224, (123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
"""What networks of ImageNet are mostly trained on, by the mean and standard deviation of its training images."""


def check_pretrained(settings: PretrainedSettings) -> None:
    """Check what can be told without the network's published weights.

    Raises:
        FoolingError: there is no such architecture (the nearest are named), it does not take such inputs, or a
            weights file is damaged, of another architecture or of another number of classes.
    """
    if settings.weights is not None:
        _own_weights(settings, Path(settings.weights))
    else:
        next(_outlines(settings))


def load_pretrained(settings: PretrainedSettings) -> TrainedNetwork:
    """Return a network with its weights; published ones of torchvision and timm are downloaded and verified.

    Raises:
        FoolingError: see `check_pretrained`; or the published weights cannot be had.
    """
    if settings.weights is not None:
        weights, options = _own_weights(settings, Path(settings.weights))
    else:
        outline, options = next(_outlines(settings))
        weights = fit_weights(outline, _published_weights(settings.architecture, options), settings)
    network = published_network(settings.architecture, settings.classes, **options)
    network.load_state_dict(weights, strict=False)  # all checked but for counters
    library, _ = library_of(settings.architecture)
    if library.is_folded:
        network = fold_batch_norm(network)
    size, mean, std = _inputs(settings)
    preprocessing = Preprocessing(_per_channel(mean), 1 / _per_channel(std), size, settings.views)
    labels = read_labels(Path(settings.labels)) if settings.labels else ()
    return TrainedNetwork(
        architecture=settings.architecture,
        network=network,
        preprocessing=preprocessing,
        dataset=settings.dataset,
        classes=settings.classes,
        image_shape=(len(mean), settings.image_size, settings.image_size),
        options=options,
        labels=labels,
    )


def _outlines(settings: PretrainedSettings) -> Iterator[tuple[nn.Module, dict[str, int]]]:
    """Yield the network without memory for its weights, and the options that it is built with.

    Some networks take inputs of another size than the usual one only if they are built for it; others take them
    either way, but with other weights.
    """
    size, mean, _ = _inputs(settings)
    shape = (len(mean), size, size)
    library, _ = library_of(settings.architecture)
    error: FoolingError | None = None
    fits = False
    for options in ({}, {"input_size": size})[: 1 + library.is_sized]:
        try:
            outline = _fitting(settings, shape, options)
        except FoolingError as reason:
            error = error or reason
        else:
            fits = True
            yield outline, options
    if error is not None and not fits:
        raise error


def _own_weights(settings: PretrainedSettings, path: Path) -> tuple[StateDict, dict[str, int]]:
    """Return the weights in the user's file, and the options of the network that they are for."""
    outlines = _outlines(settings)
    outline, options = next(outlines)  # before a large file is read
    content = read_checkpoint(path)
    try:
        return fit_weights(outline, content, settings), options
    except FoolingError:
        for other, sized in outlines:
            with contextlib.suppress(FoolingError):
                return fit_weights(other, content, settings), sized
        raise


def _fitting(settings: PretrainedSettings, shape: tuple[int, int, int], options: Mapping[str, int]) -> nn.Module:
    with torch.device("meta"):
        network = published_network(settings.architecture, settings.classes, **options)
    check_fits(network, shape, settings.classes)
    return network


def _per_channel(values: tuple[float, ...]) -> Tensor:
    return torch.tensor(values).view(-1, 1, 1)


def _inputs(settings: PretrainedSettings) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """Return side, mean and standard deviation of a network's inputs."""
    library, name = library_of(settings.architecture)
    published = library.inputs(name) or IMAGENET_INPUTS
    mean, std = published.mean, published.std
    if settings.mean is not None and settings.std is not None:
        mean, std = tuple(settings.mean), tuple(settings.std)
    return settings.input_size or published.size or settings.image_size, mean, std


def _published_weights(architecture: str, options: Mapping[str, Any]) -> Mapping[str, Tensor]:
    library, name = library_of(architecture)
    try:
        weights = library.weights(name, **options)
        if isinstance(weights, Path):
            weights = read_checkpoint(weights)
    except FoolingError:
        raise
    except Exception as error:  # each library and each way of downloading has its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FoolingError(
            f"The published weights of {architecture} cannot be had ({reason}); give a file of them as weights."
        ) from error
    if weights is None:
        raise FoolingError(f"{architecture} has no published weights; give a file of your own as weights.")
    return weights
