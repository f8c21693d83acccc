"""Gradient ascent on the image (paper, section 3.7; the authors' `ascent/find_fooling_image.py`)."""

import logging
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fooling.artifacts.checkpoint import Checkpoint, State
from fooling.artifacts.layout import has_layout, layout_of
from fooling.ascent.milestones import LEVELS, MILESTONES, Milestones, near_level
from fooling.ascent.regularisation import regularise
from fooling.ascent.step_rule import confidence_and_slope, step
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier, check_numbers
from fooling.progress import Progress
from fooling.settings.ascent import AscentSettings

MOST_AT_ONCE, CPU_VALUES_AT_ONCE = 100, 600_000
"""Images in one forward and backward pass, and what a CPU's cache holds of them: Lite0 takes 40 ms for an image with
at most 8 at once, 60 ms with 20."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AscentResult:
    """Images that gradient ascent made, run by run, class by class, in the order of time.

    An image that passes several milestones at once, or is the last as well, is there once.

    Attributes:
        images: uint8 (N, C, H, W).
        target: int64 (N,), the class each image aims at.
        run: int64 (N,), the seed of its start image.
        iteration: int64 (N,), when it was taken.
        log_confidence: float32 (N,), of the uint8 image.
        milestones: for each (run, target) the iteration of every name in `MILESTONES`, None if it was never
            reached, and of the `last` image.
    """

    images: np.ndarray
    target: np.ndarray
    run: np.ndarray
    iteration: np.ndarray
    log_confidence: np.ndarray
    milestones: list[dict[str, int | None]]


def ascend(
    classifier: Classifier,
    mean_image: Tensor,
    settings: AscentSettings,
    classes: Sequence[int],
    seeds: Sequence[int],
    *,
    checkpoint: Checkpoint,
    batch_size: int | None = None,
) -> AscentResult:
    """Climb the softmax probability of each of the `classes` from one start image for each of the `seeds`.

    The probability is climbed on real-valued pixels, but milestones and the end are judged on the image rounded
    to uint8, so that what is stored as above 0.9999 is above it; it is judged once it is near a milestone.
    A (class, seed) image does not depend on which others are made beside it, but for rounding.

    Args:
        classifier: the network to fool.
        mean_image: float32 (C, H, W) or any shape that broadcasts to it, in 0-255 units.
        settings: the hyperparameters.
        classes: classes to aim at, each once.
        seeds: seeds of the start images, each once.
        checkpoint: where interrupted work is continued from.
        batch_size: images in one forward and backward pass; chosen by device and image size if it is not given.

    Raises:
        FoolingError: a class is listed twice or out of the network's range, the mean image has another
            size than the network's images, the network gives no numbers, or the checkpoint cannot be written.
    """
    _check(classifier, mean_image, classes)
    batch_size = batch_size or images_at_once(classifier)
    ascent = GradientAscent(classifier, mean_image, settings, classes, seeds, batch_size=batch_size)
    checkpoint.resume(ascent)
    images = 0
    with Progress("gradient ascent", settings.iterations, "iteration") as progress:
        while ascent.iteration < settings.iterations:
            images += int(ascent.moving.sum())
            ascent.iterate()
            progress.update(ascent.iteration, images, lambda: str(ascent))
            if not ascent.moving.any():
                break
            if checkpoint.due():
                checkpoint.save(ascent)
    _log.info("Gradient ascent ended at iteration %d: %s.", int(ascent.last.max()), ascent)
    return ascent.result()


def _check(classifier: Classifier, mean_image: Tensor, classes: Sequence[int]) -> None:
    beyond = [target for target in classes if not 0 <= target < classifier.classes]
    if beyond:
        raise FoolingError(
            f"classes: there is no class {beyond[0]}; this network has the classes 0 to {classifier.classes - 1}."
        )
    twice = [target for target, times in Counter(classes).items() if times > 1]
    if twice:
        raise FoolingError(f"classes: class {twice[0]} is listed twice; list each class once.")
    try:
        fits = np.broadcast_shapes(mean_image.shape, classifier.input_shape) == tuple(classifier.input_shape)
    except ValueError:
        fits = False
    if not fits:
        raise FoolingError(
            f"The mean image has the shape {tuple(mean_image.shape)}, but the network takes images of the shape "
            f"{tuple(classifier.input_shape)}; use the data set that the network was trained on."
        )


def images_at_once(classifier: Classifier) -> int:
    """Return how many images to pass forward and backward at once."""
    if classifier.device.type != "cpu":
        return MOST_AT_ONCE
    return min(MOST_AT_ONCE, max(1, CPU_VALUES_AT_ONCE // math.prod(classifier.input_shape)))


class GradientAscent:
    """All the images of one ascent; see `ascend` for the arguments.

    Attributes:
        iteration: how many iterations are complete.
        offset: float32 (N, C, H, W), the images less the mean image, in 0-255 units (the authors' X).
        moving: bool (N,), the images that still climb.
        log_confidence: float64 (N,), when last looked at; of the images rounded to uint8 where they were judged.
        last: int64 (N,), iteration of that look.
        milestones: when each image reached which, and what it looked like then.
    """

    def __init__(
        self,
        classifier: Classifier,
        mean_image: Tensor,
        settings: AscentSettings,
        classes: Sequence[int],
        seeds: Sequence[int],
        *,
        batch_size: int,
    ) -> None:
        device, shape = classifier.device, tuple(classifier.input_shape)
        self.iteration = 0
        self._classifier = classifier
        self._settings = settings
        self._batch_size = batch_size
        self._mean = mean_image.to(device)
        pairs = [(seed, target) for seed in seeds for target in classes]
        self._runs, self._targets = torch.tensor(pairs, device=device).reshape(-1, 2).unbind(1)
        count = len(pairs)
        self.offset = torch.stack([start_image(seed, target, shape) for seed, target in pairs]).to(device)
        self.moving = torch.ones(count, dtype=torch.bool, device=device)
        self.log_confidence = torch.zeros(count, dtype=torch.float64, device=device)
        self.last = torch.zeros(count, dtype=torch.int64, device=device)
        self.milestones = Milestones(count, shape, device)

    def __str__(self) -> str:
        confidence = self.log_confidence.exp()
        above = int((confidence >= LEVELS[-1]).sum())
        return (
            f"median confidence {confidence.median():.6f}, {above} of {len(confidence)} images at {LEVELS[-1]} or above"
        )

    def state(self) -> State:
        """See `Resumable`."""
        arrays = {name: tensor.cpu().numpy() for name, tensor in self._tensors().items()}
        return {"iteration": np.array(self.iteration), **arrays}

    def fits(self, state: State) -> bool:
        """See `Resumable`."""
        fits = has_layout(state, layout_of(self.state()))
        return fits and 0 <= int(state["iteration"]) <= self._settings.iterations

    def restore(self, state: State) -> None:
        """See `Resumable`."""
        self.iteration = int(state["iteration"])
        for name, tensor in self._tensors().items():
            tensor.copy_(torch.from_numpy(state[name]))

    def _tensors(self) -> dict[str, Tensor]:
        return {
            "offset": self.offset,
            "moving": self.moving,
            "log_confidence": self.log_confidence,
            "last": self.last,
            "first": self.milestones.first,
            "snapshots": self.milestones.snapshots,
        }

    def iterate(self) -> None:
        """Look at every image that still climbs, and move it unless this is the last iteration."""
        for rows in self.moving.nonzero().squeeze(1).split(self._batch_size):
            self._iterate(rows)
        self.iteration += 1

    def _iterate(self, rows: Tensor) -> None:
        iteration = self.iteration
        is_last, stop = iteration == self._settings.iterations - 1, self._settings.stop_confidence
        offset = (self.offset[rows] + self._mean).clamp(0, 255) - self._mean
        pixels, targets = offset + self._mean, self._targets[rows]
        log_confidence, lead, gradient = confidence_and_slope(self._classifier, pixels, targets)
        check_numbers(log_confidence)
        self.last[rows] = iteration
        self.log_confidence[rows] = log_confidence
        near = self.milestones.near(rows, log_confidence, lead)
        if stop is not None:
            near |= near_level(log_confidence, stop)
        if is_last:
            near[:] = True
        if near.any():
            self._judge(rows[near], self._pixels(offset[near]), iteration)

        ended = gradient.flatten(1).eq(0).all(dim=1)
        if stop is not None:
            ended |= self.log_confidence[rows].exp() > stop
        if is_last:
            ended[:] = True
        self.moving[rows] = ~ended
        moved = offset + step(log_confidence, gradient, self._settings)
        moved = regularise(moved, gradient, iteration, self._settings)
        self.offset[rows] = torch.where(ended[:, None, None, None], offset, moved)

    def _judge(self, rows: Tensor, images: Tensor, iteration: int) -> None:
        targets = self._targets[rows]
        stored = self._classifier.log_confidence(images)
        self.log_confidence[rows] = stored.gather(1, targets[:, None]).squeeze(1).double()
        wins = stored.argmax(dim=1) == targets
        self.milestones.record(rows, images, iteration, wins, self.log_confidence[rows])

    def _pixels(self, offset: Tensor) -> Tensor:
        return (offset + self._mean).clamp(0, 255).round().to(torch.uint8)

    def result(self) -> AscentResult:
        """Return the images of all milestones and the last ones."""
        iterations = torch.cat([self.milestones.first, self.last[:, None]], dim=1)
        images = torch.cat([self.milestones.snapshots, self._pixels(self.offset)[:, None]], dim=1)
        repeated = (iterations[:, :, None] == iterations[:, None, :]).tril(-1).any(dim=2)
        pair, taken = ((iterations >= 0) & ~repeated).nonzero(as_tuple=True)
        target = self._targets[pair]
        log_confidence = self._classifier.log_confidence(images[pair, taken]).gather(1, target[:, None]).squeeze(1)
        return AscentResult(
            images[pair, taken].cpu().numpy(),
            target.cpu().numpy(),
            self._runs[pair].cpu().numpy(),
            iterations[pair, taken].cpu().numpy(),
            log_confidence.cpu().numpy(),
            [
                {"run": run, "target": target}
                | {name: None if time < 0 else time for name, time in zip((*MILESTONES, "last"), times, strict=True)}
                for run, target, times in zip(
                    self._runs.tolist(), self._targets.tolist(), iterations.tolist(), strict=True
                )
            ],
        )


def start_image(seed: int, target: int, shape: tuple[int, ...]) -> Tensor:
    """Draw the start image of one class: N(0, 1), float32 `shape` on the CPU, less the mean image."""
    generator = seeded_generator(seed, torch.device("cpu"), "ascent", str(target))
    return torch.randn(shape, generator=generator)
