"""Training with a cure for fooling: beside each batch stand images of which the network is to be unsure."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from fooling.data.datasets import Dataset
from fooling.settings.training import TrainingSettings
from fooling.training.augmentation import flip_and_move
from fooling.training.small_networks import Training, learning_rate

Judge = Callable[[Tensor], Tensor]
"""Maps pixels in 0-255, (N, C, H, W), to logits, float32 (N, classes), differentiably."""


class Cure(Protocol):
    """What a cure adds to a training. It keeps no state, so that a training continues without it being stored."""

    def images_beside(self, natural: Tensor, judge: Judge, generator: torch.Generator) -> Tensor:
        """Return the images that stand beside a batch, (N, C, H, W), pixels in 0-255.

        Args:
            natural: the batch, float32 (B, C, H, W), pixels in 0-255.
            judge: the network as it is, in evaluation mode.
            generator: the only source of randomness.
        """
        ...

    def loss(self, logits: Tensor) -> Tensor:
        """Return what the logits of these images, float32 (N, classes), add to the loss, float32 ()."""
        ...


class CuredTraining(Training):
    """The training of one network with a cure.

    Args:
        dataset: the images.
        settings: network, preprocessing and solver.
        seed: of the initialisation, the order of the images and the cure.
        device: where to compute.
        cure: what is added.
    """

    def __init__(
        self, dataset: Dataset, settings: TrainingSettings, seed: int, device: torch.device, cure: Cure
    ) -> None:
        super().__init__(dataset, settings, seed, device)
        self._cure = cure

    def _advance(self, images: Tensor, labels: Tensor) -> None:
        """Learn from one batch and what stands beside it, in one forward pass, as the authors of both cures do."""
        rows = self._order.next()
        batch = flip_and_move(images[rows], self._generator) if self._settings.augment else images[rows]
        natural = batch.to(torch.float32)
        self._network.eval()  # the statistics of batch normalisation are those of the images that are learned from
        beside = self._cure.images_beside(natural, self._logits, self._generator)
        self._network.train()
        logits = self._logits(torch.cat([natural, beside.to(torch.float32)]))
        self._loss = functional.cross_entropy(logits[: len(natural)], labels[rows])
        self._loss = self._loss + self._cure.loss(logits[len(natural) :])
        gradients = torch.autograd.grad(self._loss, self._solver.parameters)
        self._solver.step(gradients, learning_rate(self._settings, self._iteration))
        self._iteration += 1


def number_beside(share: float, batch: int) -> int:
    """Return how many images stand beside a batch: a share of it, but at least one."""
    return max(1, round(share * batch))
