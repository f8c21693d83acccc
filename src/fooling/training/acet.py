"""Adversarial confidence enhancement training, ACET (Hein, Andriushchenko and Bitterwolf, CVPR 2019, section 4).

Noise images are moved to where the network is most confident nearby, and it learns to be unsure even there.
"""

import torch
from torch import Tensor
from torch.nn import functional

from fooling.settings.cures import AcetSettings
from fooling.training.cured import Judge, number_beside
from fooling.training.noise_images import draw_noise

RANGE = 255.0
"""Of pixel values, from 0."""


class Acet:
    """A `Cure` whose images are noise, moved towards confidence.

    Args:
        settings: weight of the loss, number of images, and their ascent.
    """

    def __init__(self, settings: AcetSettings) -> None:
        self._settings = settings

    def images_beside(self, natural: Tensor, judge: Judge, generator: torch.Generator) -> Tensor:
        """See `Cure`; float32."""
        noise = draw_noise(number_beside(self._settings.share, len(natural)), natural, generator)
        return move_to_confidence(noise, judge, RANGE * self._settings.radius, self._settings.steps)

    def loss(self, logits: Tensor) -> Tensor:
        """See `Cure`."""
        return self._settings.weight * largest_log_confidence(logits).mean()


def largest_log_confidence(logits: Tensor) -> Tensor:
    """Return the log-confidence in the likeliest class, float32 (N,), of logits, float32 (N, classes)."""
    return functional.log_softmax(logits, dim=1).amax(dim=1)


def move_to_confidence(images: Tensor, judge: Judge, radius: float, steps: int) -> Tensor:
    """Move each image by projected gradient ascent on its largest log-confidence.

    A step moves every pixel by one length along the sign of its gradient. An image that a step would make no more
    confident stays, and its next step is half as long, so that none ever loses confidence.

    Args:
        images: float32 (N, C, H, W) in 0-255.
        judge: the network.
        radius: how far a pixel may move, in pixel values.
        steps: of the ascent; an image passes through the network once more.

    Returns:
        float32 (N, C, H, W) in 0-255.
    """
    low, high = (images - radius).clamp_(min=0), (images + radius).clamp_(max=RANGE)
    length = images.new_full((len(images), 1, 1, 1), 2 * radius / steps)
    best, highest, direction = images, images.new_full((len(images),), -torch.inf), torch.zeros_like(images)
    moved = images
    for _ in range(steps):
        objective, gradient = _objective(moved, judge)
        better = objective > highest
        highest = torch.where(better, objective, highest)
        kept = better[:, None, None, None]
        best = torch.where(kept, moved, best)
        direction = torch.where(kept, gradient.sign(), direction)
        length = torch.where(kept, length, length / 2)
        moved = torch.clamp(best + length * direction, low, high)
    with torch.no_grad():
        better = largest_log_confidence(judge(moved)) > highest
    return torch.where(better[:, None, None, None], moved, best)


def _objective(images: Tensor, judge: Judge) -> tuple[Tensor, Tensor]:
    """Return the largest log-confidence in each image, (N,), and its gradient, (N, C, H, W)."""
    images = images.detach().requires_grad_()
    objective = largest_log_confidence(judge(images))
    (gradient,) = torch.autograd.grad(objective.sum(), images)
    return objective.detach(), gradient
