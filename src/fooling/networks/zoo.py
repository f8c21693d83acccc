"""Networks that were trained elsewhere: their published or a user's weights, and how their inputs are made."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from fooling.artifacts.storage import open_zip
from fooling.errors import FoolingError
from fooling.networks.architectures import check_fits, fold_batch_norm, published_network
from fooling.networks.libraries import Inputs, library_of
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
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
    with torch.device("meta"):
        network = published_network(settings.architecture, settings.classes)
    size, mean, _ = _inputs(settings)
    check_fits(network, (len(mean), size, size))
    if settings.weights is not None:
        _check_weights(network, _read_weights(Path(settings.weights)), settings)


def load_pretrained(settings: PretrainedSettings) -> TrainedNetwork:
    """Return a network with its weights; published ones of torchvision and timm are downloaded and verified.

    Raises:
        FoolingError: see `check_pretrained`; or the published weights cannot be had.
    """
    network = published_network(settings.architecture, settings.classes)
    weights = _read_weights(Path(settings.weights)) if settings.weights else _published_weights(settings.architecture)
    _check_weights(network, weights, settings)
    network.load_state_dict(_used(network, weights), strict=False)  # all checked but for counters
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
        labels=labels,
    )


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


def _published_weights(architecture: str) -> Mapping[str, Tensor]:
    library, name = library_of(architecture)
    try:
        weights = library.weights(name)
        if isinstance(weights, Path):
            weights = _read_weights(weights)
    except (ImportError, OSError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FoolingError(
            f"The published weights of {architecture} cannot be had ({reason}); give a file of them as weights."
        ) from error
    if weights is None:
        raise FoolingError(f"{architecture} has no published weights; give a file of your own as weights.")
    return weights


def _read_weights(path: Path) -> dict[str, Tensor]:
    """Read a state dict without executing anything."""
    read: Any
    try:
        if path.suffix == ".safetensors":
            read = load_file(path)
        elif zipfile.is_zipfile(path):
            with open_zip(path):
                read = torch.load(path, map_location="cpu", weights_only=True)
        else:
            read = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises a dozen kinds on damaged bytes
        raise FoolingError(
            f"{path} is no readable file of weights; give a state dict (.pth or .safetensors)."
        ) from error
    if isinstance(read, Mapping) and isinstance(read.get("state_dict"), Mapping):  # a training's checkpoint
        read = read["state_dict"]
    if not isinstance(read, Mapping) or not all(isinstance(name, str) and _is_plain(read[name]) for name in read):
        raise FoolingError(f"{path} holds no state dict; save your network's with torch.save(network.state_dict(), …).")
    return {name.removeprefix("module."): value for name, value in read.items()}


def _is_plain(value: object) -> bool:
    """Tell whether `value` is a dense tensor of real numbers in memory."""
    if not isinstance(value, Tensor) or value.layout != torch.strided or value.device.type != "cpu":
        return False
    return not value.is_quantized and not value.is_complex()


def _used(network: nn.Module, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights without those of heads that only training uses."""
    heads = ("aux1.", "aux2.", "AuxLogits.")
    known = network.state_dict()
    return {name: value for name, value in weights.items() if name in known or not name.startswith(heads)}


def _check_weights(network: nn.Module, weights: Mapping[str, Tensor], settings: PretrainedSettings) -> None:
    known, given = network.state_dict(), _used(network, weights)
    lacking, foreign = sorted(set(known) - set(given)), sorted(set(given) - set(known))
    # Old files lack these counters, which evaluation does not use.
    lacking = [name for name in lacking if not name.endswith("num_batches_tracked")]
    source = settings.weights or "The published file"
    if lacking or foreign:
        examples = [f"lacks {lacking[0]}"] * bool(lacking) + [f"has {foreign[0]}"] * bool(foreign)
        raise FoolingError(
            f"{source} holds weights of another network than {settings.architecture}: it {' and '.join(examples)}."
        )
    for name, value in known.items():
        if name in given and given[name].shape != value.shape:
            last = next(reversed(known))
            if name.rpartition(".")[0] == last.rpartition(".")[0]:
                raise FoolingError(
                    f"{source} has {given[name].shape[0]} classes, but classes is {settings.classes}; make them equal."
                )
            raise FoolingError(
                f"{source} holds weights of another network than {settings.architecture}: {name} has the shape "
                f"{tuple(given[name].shape)} instead of {tuple(value.shape)}."
            )
