"""The mean image around which gradient ascent begins."""

from pathlib import Path

import torch
from torch import Tensor

from fooling.data.datasets import dataset_files, load_dataset
from fooling.networks.network_file import TrainedNetwork


def mean_image_for(trained: TrainedNetwork, folder: Path | None) -> tuple[Tensor, list[Path]]:
    """Return the mean image, float32 (C, H, W) in 0-255 units, and the files that it was read from.

    Args:
        trained: the network to fool.
        folder: of its data set; None takes the mean that the network subtracts, whose H and W may be 1.

    Raises:
        FoolingError: see `load_dataset`.
    """
    if folder is None:
        return trained.preprocessing.mean, []
    mean_image = torch.from_numpy(load_dataset(trained.dataset, folder).mean_image)
    return mean_image, dataset_files(trained.dataset, folder)
