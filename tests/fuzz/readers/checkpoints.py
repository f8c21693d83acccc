"""Checkpoints of evolution, training and gradient ascent: what is read from one must be able to go on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from fooling.artifacts.checkpoint import Checkpoint, Resumable
from fooling.ascent.gradient_ascent import GradientAscent
from fooling.data.datasets import Dataset
from fooling.encodings.population import Encoding
from fooling.errors import FoolingError
from fooling.evolution.resumable import ResumableEvolution
from fooling.evolution.together import advance
from fooling.settings.ascent import AscentSettings
from fooling.settings.training import TrainingSettings
from fooling.training.small_networks import Training
from readers.runs import CPU, GENERATIONS, Judge, begin, evolve


def checkpoint(path: Path) -> Checkpoint:
    return Checkpoint(path, {"step": "fuzz"}, 60)


def resume(path: Path, work: Resumable) -> None:
    if not checkpoint(path).resume(work):
        raise FoolingError("It is set aside.")


def evolution_checkpoints(encoding: Encoding) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for generations in (1, 4, 7):
            checkpoint(folder / f"{generations}.npz").save(ResumableEvolution(evolve(encoding, generations)))

    return write


def continue_evolution(encoding: Encoding) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        run = begin(encoding)
        resume(path, ResumableEvolution(run))
        while run.generation < GENERATIONS.generations:
            advance([run], Judge())
        ResumableEvolution(run).state()
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
            checkpoint(folder / f"{number}.npz").save(begun)

    return write


def continue_training(begin: Callable[[], Training]) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        begun = begin()
        resume(path, begun)
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
        begun.iterate()
        checkpoint(folder / f"{iteration}.npz").save(begun)


def continue_ascent(path: Path) -> None:
    begun = ascent()
    resume(path, begun)
    while begun.iteration < 4:
        begun.iterate()
    begun.result()
