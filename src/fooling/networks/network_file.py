"""A trained network as a file: its weights, its preprocessing, and what it was trained on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from fooling.errors import FoolingError
from fooling.networks.lenet import LeNet
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.training import TrainingSettings
from fooling.storage import load_arrays, save_arrays

KIND = "network"


@dataclass(frozen=True)
class TrainedNetwork:
    """A network with all that is needed to use it.

    Attributes:
        network: logits from preprocessed images.
        preprocessing: network inputs from pixels in 0-255.
        settings: how it was built and trained.
        seed: of its initialisation and batch order.
        classes: number of classes.
        image_shape: (C, H, W) of the images it takes.
        test_error: share of the test images that it labels wrongly, in [0, 1].
    """

    network: nn.Module
    preprocessing: Preprocessing
    settings: TrainingSettings
    seed: int
    classes: int
    image_shape: tuple[int, int, int]
    test_error: float = float("nan")


def build_network(settings: TrainingSettings, classes: int) -> LeNet:
    """Return the untrained network that the settings name."""
    return LeNet(classes, relu_after_convolutions=settings.relu_after_convolutions)


def save_network(path: Path, trained: TrainedNetwork, provenance: Mapping[str, Any]) -> None:
    """Write a trained network; see `fooling.storage` for the format."""
    arrays = {f"weights/{name}": tensor.cpu().numpy() for name, tensor in trained.network.state_dict().items()}
    arrays["mean_image"] = trained.preprocessing.mean.cpu().numpy()
    header = {
        "settings": trained.settings.model_dump(),
        "seed": trained.seed,
        "classes": trained.classes,
        "image_shape": trained.image_shape,
        "test_error": trained.test_error,
        "provenance": dict(provenance),
    }
    save_arrays(path, KIND, header, arrays)


def load_network(path: Path) -> TrainedNetwork:
    """Read a network that `save_network` wrote; it is on the CPU and in evaluation mode.

    Raises:
        FoolingError: the file is missing, damaged, or not a network of this project.
    """
    header, arrays = load_arrays(path, KIND)
    try:
        settings = TrainingSettings.model_validate(header["settings"])
        network = build_network(settings, header["classes"])
        weights = {
            name.removeprefix("weights/"): torch.from_numpy(array)
            for name, array in arrays.items()
            if name.startswith("weights/")
        }
        network.load_state_dict(weights)
        channels, height, width = header["image_shape"]
        preprocessing = Preprocessing(torch.from_numpy(arrays["mean_image"].astype(np.float32)), settings.scale)
        return TrainedNetwork(
            network.eval(),
            preprocessing,
            settings,
            header["seed"],
            header["classes"],
            (channels, height, width),
            header["test_error"],
        )
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise FoolingError(f"{path} does not hold a network of this version ({reason}); train it again.") from error
