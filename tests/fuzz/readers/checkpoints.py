"""Checkpoints of evolution, training and gradient ascent: what is read from one must be able to go on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from fooling.artifacts.checkpoint import Checkpoint, Fits, Stored
from fooling.ascent.gradient_ascent import GradientAscent
from fooling.data.datasets import Dataset
from fooling.encodings.population import Encoding
from fooling.errors import FoolingError
from fooling.evolution.together import advance
from fooling.settings.ascent import AscentSettings
from fooling.settings.training import TrainingSettings
from fooling.training.small_networks import Training
from readers.runs import CPU, GENERATIONS, Judge, begin, evolve


def checkpoint(path: Path) -> Checkpoint:
    return Checkpoint(path, {"step": "fuzz"}, 60)


def load_checkpoint(path: Path, fits: Fits) -> Stored:
    stored = checkpoint(path).load(fits)
    if stored is None:
        raise FoolingError("It is set aside.")
    return stored


def evolution_checkpoints(encoding: Encoding) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for generations in (1, 4, 7):
            checkpoint(folder / f"{generations}.npz").save({}, evolve(encoding, generations).state())

    return write


def continue_evolution(encoding: Encoding) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        run = begin(encoding)
        stored = load_checkpoint(path, run.fits)
        run.restore(stored[1])
        while run.generation < GENERATIONS.generations:
            advance([run], Judge())
        run.state()
        run.history.table()

    return read


def training() -> Training:
    images, labels = np.zeros((6, 1, 28, 28), np.uint8), np.arange(6)
    return Training(Dataset(images, labels, images, labels, 10), TrainingSettings(iterations=2, batch_size=4), 1, CPU)


def training_checkpoints(begin: Callable[[], Training]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for number in range(2):
            begun = begin()
            begun._order.next()
            checkpoint(folder / f"{number}.npz").save({}, begun._state())

    return write


def continue_training(begin: Callable[[], Training]) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        begun = begin()
        stored = load_checkpoint(path, begun._fits)
        begun._restore(stored[1])
        begun._order.next()

    return read


def convnet_training() -> Training:
    images, labels = np.zeros((6, 3, 8, 8), np.uint8), np.arange(6)
    settings = TrainingSettings(
        dataset="cifar10", architecture="convnet", width=2, augment=True, iterations=2, batch_size=4
    )
    return Training(Dataset(images, labels, images, labels, 10), settings, 1, CPU)


def ascent() -> GradientAscent:
    return GradientAscent(Judge(), torch.zeros(1), AscentSettings(iterations=4), [0, 2], [0, 1], batch_size=8)


def write_ascents(folder: Path) -> None:
    begun = ascent()
    for iteration in range(3):
        begun.iterate(iteration)
        checkpoint(folder / f"{iteration}.npz").save({"iteration": iteration + 1}, begun.arrays())


def continue_ascent(path: Path) -> None:
    begun = ascent()
    stored = load_checkpoint(path, begun.fits)
    begun.restore(stored[1])
    for iteration in range(stored[0]["iteration"], 4):
        begun.iterate(iteration)
    begun.result()
