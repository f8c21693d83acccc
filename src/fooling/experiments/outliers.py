"""Images that no network here knows and that nobody made to fool one: ordinary outliers, and noise."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from fooling.data.datasets import dataset_files, load_dataset
from fooling.data.imagenet.sample import photograph_sample
from fooling.settings.datasets import IMAGENET

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601)."""
PHOTOGRAPHS = "photographs"
"""What tables call the twenty that stand for ImageNet."""


def ordinary_outliers(
    dataset: str,
    image_shape: tuple[int, int, int],
    folders: Mapping[str, Path],
    most: int,
    generator: np.random.Generator,
) -> tuple[dict[str, np.ndarray], list[Path]]:
    """Return the test images of other data sets, and photographs, as a network takes them; and their files.

    Args:
        dataset: of the network; photographs are no outliers of ImageNet.
        image_shape: (C, H, W) that the network takes.
        folders: of the other data sets, by name.
        most: images of each, which are drawn.
        generator: of the draws.

    Returns:
        uint8 (N, C, H, W) by name, and the files.

    Raises:
        FoolingError: a folder does not hold its data set.
    """
    found = {name: load_dataset(name, folder).test_images for name, folder in folders.items()}
    files = [path for name, folder in folders.items() for path in dataset_files(name, folder)]
    if dataset != IMAGENET.name:
        side = max(image_shape[1:])
        photographs, paths = photograph_sample((3, side, side))
        found[PHOTOGRAPHS] = photographs.images
        files += paths
    return {
        name: fitted(images[draw(len(images), most, generator)], image_shape) for name, images in found.items()
    }, files


def draw(count: int, most: int, generator: np.random.Generator) -> np.ndarray:
    """Return the ascending rows of at most so many of `count` images, int64."""
    return np.sort(generator.permutation(count)[:most])


def noise(count: int, image_shape: tuple[int, int, int], generator: np.random.Generator) -> np.ndarray:
    """Return images of uniform noise, uint8 (count, C, H, W)."""
    return generator.integers(0, 256, (count, *image_shape), dtype=np.uint8)


def fitted(images: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Make grey or coloured images of one size those of another shape, resized bilinearly.

    Args:
        images: uint8 (N, 1 or 3, H, W).
        image_shape: (C, H, W) with C as 1 or 3.

    Returns:
        uint8 (N, C, H, W).
    """
    channels, height, width = image_shape
    pixels = torch.from_numpy(images).to(torch.float32)
    if channels < images.shape[1]:
        pixels = (pixels * torch.tensor(LUMA)[:, None, None]).sum(dim=1, keepdim=True)
    pixels = functional.interpolate(pixels, (height, width), mode="bilinear", antialias=True)
    resized: np.ndarray = pixels.round().clamp(0, 255).to(torch.uint8).expand(-1, channels, -1, -1).numpy()
    return resized
