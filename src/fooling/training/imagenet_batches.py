"""Batches of an ImageNet training: which images, and which view of each, follow from seed, epoch and image alone.

So a training that goes on after a break sees what it would have seen, whatever the number of processes that read.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from fooling.data.class_folders import ClassFolders
from fooling.data.image_region import Region, middle_square, read_image, read_region
from fooling.errors import FoolingError

SMALLEST, ASPECT = 0.08, 4 / 3
"""Smallest share of an image's area that a view shows, and its longest side over the other, as Inception's."""
_ORDER, _VIEW = 1, 2
"""Streams of random numbers."""

Batch = tuple[Tensor, Tensor, str]
"""uint8 (N, 3, S, S) images, int64 (N,) labels, and the sentence of an image that cannot be read, or none."""


def batch_order(rows: int, batch_size: int, seed: int, iterations: range) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the epoch and the rows of each batch; an epoch is a random permutation, without what fills no batch."""
    current = -1
    for iteration in iterations:
        epoch, batch = divmod(iteration, rows // batch_size)
        if epoch != current:
            current = epoch
            permutation = np.random.default_rng((_ORDER, seed, epoch)).permutation(rows)
        yield epoch, permutation[batch * batch_size : (batch + 1) * batch_size]


class TrainingViews(Dataset[Batch]):
    """Random views of the images of some folders and of fooling images; an index is an epoch and rows.

    Fooling images take the same way as photographs: a random part, of random size and aspect, mirrored half the time.

    Args:
        folders: the real images.
        fooling: uint8 (M, 3, H, W), of one class more.
        seed: of the views.
        side: of a view, in pixels.
    """

    def __init__(self, folders: ClassFolders, fooling: np.ndarray, seed: int, side: int) -> None:
        self._folders = folders
        self._fooling = fooling
        self._seed = seed
        self._side = side
        self._labels = np.concatenate([folders.labels, np.full(len(fooling), len(folders.classes))])

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: tuple[int, np.ndarray]) -> Batch:
        epoch, rows = index
        return _batch(lambda row: self.view(epoch, row), rows, self._labels)

    def view(self, epoch: int, row: int) -> np.ndarray:
        """Return the view of an image in an epoch, uint8 (3, side, side).

        Raises:
            FoolingError: the file is no readable image.
        """
        random = np.random.default_rng((_VIEW, self._seed, epoch, row))
        mirrored = random.random() < 0.5

        def choose(width: int, height: int) -> Region:
            return random_region(random, width, height)

        if row < len(self._folders):
            view = read_region(self._folders.path(row), choose, self._side, Image.Resampling.BILINEAR)
        else:
            picture = Image.fromarray(np.moveaxis(self._fooling[row - len(self._folders)], 0, -1))
            region = choose(*picture.size)
            part = picture.resize((self._side, self._side), Image.Resampling.BILINEAR, region)
            view = np.moveaxis(np.asarray(part), -1, 0)
        return view[..., ::-1] if mirrored else view


class MiddleSquares(Dataset[Batch]):
    """The middle squares of images, as large as the images that are evolved; an index is rows."""

    def __init__(self, folders: ClassFolders, side: int) -> None:
        self._folders = folders
        self._side = side

    def __len__(self) -> int:
        return len(self._folders)

    def __getitem__(self, rows: np.ndarray) -> Batch:
        return _batch(lambda row: read_image(self._folders.path(row), self._side), rows, self._folders.labels)


def random_region(random: np.random.Generator, width: int, height: int) -> Region:
    """Return a random part of an image: area and aspect are drawn until it fits, ten times at most."""
    for _ in range(10):
        area = width * height * random.uniform(SMALLEST, 1)
        aspect = math.exp(random.uniform(-math.log(ASPECT), math.log(ASPECT)))
        wide, high = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < wide <= width and 0 < high <= height:
            left, top = int(random.integers(width - wide + 1)), int(random.integers(height - high + 1))
            return left, top, left + wide, top + high
    return middle_square(width, height)


def _batch(read: Callable[[int], np.ndarray], rows: Sequence[int] | np.ndarray, labels: np.ndarray) -> Batch:
    # An error that is raised in a process that reads would reach the user as its traceback.
    try:
        images = np.stack([read(int(row)) for row in rows])
    except FoolingError as error:
        return torch.empty(0, dtype=torch.uint8), torch.empty(0, dtype=torch.int64), str(error)
    return torch.from_numpy(images), torch.from_numpy(labels[rows]), ""


def read_batches(
    dataset: Dataset[Batch], indices: Iterator[object], workers: int, device: torch.device
) -> DataLoader[Batch]:
    """Return the batches of a data set, read ahead by `workers` processes, in order."""
    return DataLoader(dataset, None, sampler=indices, num_workers=workers, pin_memory=device.type == "cuda")
