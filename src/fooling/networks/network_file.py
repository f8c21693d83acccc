"""A network as a file: its weights, its preprocessing, where it comes from; or several as an ensemble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from fooling.artifacts.network_header import KIND, NetworkHeader, parse_headers
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.libraries import library_of
from fooling.networks.preprocessing import Preprocessing

_PLAIN = ("architecture", "options", "dataset", "classes", "image_shape", "labels", "training", "fooling_rounds")


@dataclass(frozen=True)
class TrainedNetwork:
    """A network with all that is needed to use it.

    Attributes:
        architecture: its name in `fooling.networks.architectures`.
        network: logits from preprocessed images.
        preprocessing: network inputs from pixels in 0-255.
        dataset: what it was trained on, such as `mnist`.
        classes: number of classes.
        image_shape: (C, H, W) of the images that are made to fool it.
        options: of the architecture.
        labels: names of the classes, if the data set's are not known.
        training: how it was trained: settings, seed, test error in [0, 1]; as far as it was trained here.
        fooling_rounds: rounds of fooling images that its last class was trained with; 0 if it has no such class.
    """

    architecture: str
    network: nn.Module
    preprocessing: Preprocessing
    dataset: str
    classes: int
    image_shape: tuple[int, int, int]
    options: Mapping[str, Any] = field(default_factory=dict)
    labels: Sequence[str] = ()
    training: Mapping[str, Any] = field(default_factory=dict)
    fooling_rounds: int = 0

    @property
    def real_classes(self) -> int:
        """Number of classes without the fooling class."""
        return self.classes - bool(self.fooling_rounds)

    @property
    def named_classes(self) -> dict[str, list[str]]:
        """The names of the real classes as a part of an artifact's origin; nothing if they have none."""
        return {"labels": list(self.labels[: self.real_classes])} if self.labels else {}


def save_networks(path: Path, networks: Sequence[TrainedNetwork], provenance: Mapping[str, Any]) -> None:
    """Write one network, or the members of an ensemble; see `fooling.artifacts.storage` for the format."""
    headers: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for number, trained in enumerate(networks):
        preprocessing = trained.preprocessing
        plain = {name: getattr(trained, name) for name in _PLAIN}
        headers.append({**plain, "input_size": preprocessing.input_size, "views": preprocessing.views})
        tensors = {f"weights/{name}": tensor for name, tensor in trained.network.state_dict().items()}
        tensors |= {"mean": preprocessing.mean, "scale": preprocessing.scale}
        arrays |= {f"{number}/{name}": tensor.cpu().numpy() for name, tensor in tensors.items()}
    save_arrays(path, KIND, {"networks": headers, "provenance": dict(provenance)}, arrays)


def load_networks(path: Path) -> list[TrainedNetwork]:
    """Read what `save_networks` wrote; the networks are on the CPU and in evaluation mode.

    Raises:
        FoolingError: the file is missing, damaged, or not a network of this version.
    """
    header, arrays = load_arrays(path, KIND)
    plain = parse_headers(path, header)
    if len({(member.classes, member.image_shape) for member in plain}) > 1:
        raise FoolingError(
            f"{path} holds networks that are no ensemble: their classes or images differ; make it again."
        )
    try:
        return [_network(member, _part(arrays, f"{number}/")) for number, member in enumerate(plain)]
    except FoolingError:
        raise
    except Exception as error:  # networks of others raise what they like
        reason = str(error).partition("\n")[0]
        raise FoolingError(f"{path} does not hold a network of this version ({reason}); make it again.") from error


def load_network(path: Path) -> TrainedNetwork:
    """Read one network.

    Raises:
        FoolingError: see `load_networks`; or the file holds an ensemble.
    """
    networks = load_networks(path)
    if len(networks) != 1:
        raise FoolingError(f"{path} holds an ensemble of {len(networks)} networks where a single one is needed.")
    return networks[0]


def _network(plain: NetworkHeader, arrays: Mapping[str, np.ndarray]) -> TrainedNetwork:
    weights = {name: torch.from_numpy(array) for name, array in _part(arrays, "weights/").items()}
    mean, scale = (torch.from_numpy(arrays[name].astype(np.float32)) for name in ("mean", "scale"))
    for name, numbers in (("mean", mean), ("scale", scale)):
        if np.broadcast_shapes(numbers.shape, plain.input_shape) != plain.input_shape or not numbers.isfinite().all():
            raise ValueError(f"its {name} does not fit its inputs")
    if not any(array.shape[:1] == (plain.classes,) for array in weights.values()):
        raise ValueError(f"its weights are not those of {plain.classes} classes")
    if plain.labels and len(plain.labels) != plain.classes:
        raise ValueError(f"it names {len(plain.labels)} of its {plain.classes} classes")
    if plain.classes <= bool(plain.fooling_rounds):
        raise ValueError("it has no class but that of fooling images")
    library, _ = library_of(plain.architecture)
    if library.is_unbounded:
        _check_size(plain, weights)
    network = build_network(plain.architecture, plain.classes, **plain.options)
    network.load_state_dict(weights)
    with torch.inference_mode():
        if network.eval()(torch.zeros(1, *plain.input_shape)).shape != (1, plain.classes):
            raise ValueError(f"it does not tell {plain.classes} classes apart")
    return TrainedNetwork(
        network=network,
        preprocessing=Preprocessing(mean, scale, plain.input_size, plain.views),
        **{name: getattr(plain, name) for name in _PLAIN},
    )


def _check_size(plain: NetworkHeader, weights: Mapping[str, Tensor]) -> None:
    """Check, without the memory for it, that a network is as large as its weights: some would take gigabytes."""
    with torch.device("meta"):
        outline = build_network(plain.architecture, plain.classes, **plain.options)
    if {name: array.shape for name, array in outline.state_dict().items()} != {
        name: array.shape for name, array in weights.items()
    }:
        raise ValueError(f"its weights are not those of {plain.architecture}")


def _part(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
