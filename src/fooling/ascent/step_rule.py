"""How far gradient ascent moves an image in one step (paper, section 3.7; the authors' code)."""

import math

import torch
from torch import Tensor

from fooling.networks.classifier import Classifier, log_softmax
from fooling.settings.ascent import AscentSettings

LARGEST_RATE = 1e7
"""Of the authors' learning rate, where the gradient is tiny."""


@torch.enable_grad()
def confidence_and_slope(classifier: Classifier, pixels: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the confidence of each image in its target class, and where that confidence grows.

    The objective is the confidence p. Its gradient is p times the slope of log p; kept apart, neither underflows where
    p is tiny.

    Args:
        classifier: the network to fool.
        pixels: float32 (N, C, H, W) in 0-255.
        targets: int64 (N,).

    Returns:
        log p of the targets, float64 (N,); the lead of their logits over the best other class's, float32 (N,); the
        slope of log p, its gradient by the pixels, float32 (N, C, H, W).
    """
    pixels = pixels.detach().requires_grad_()
    logits = classifier.logits(pixels)
    log_confidence = log_softmax(logits).gather(1, targets[:, None]).squeeze(1)
    (gradient,) = torch.autograd.grad(log_confidence.sum(), pixels)
    logits = logits.detach()
    others = logits.scatter(1, targets[:, None], -math.inf).amax(dim=1)
    return log_confidence.detach().double(), logits.gather(1, targets[:, None]).squeeze(1) - others, gradient


def step(log_confidence: Tensor, slope: Tensor, settings: AscentSettings) -> Tensor:
    """Return what one step adds to each image, float32 (N, C, H, W), in 0-255 units.

    Args:
        log_confidence: log p, float64 (N,).
        slope: of log p, float32 (N, C, H, W). Where it is zero throughout, the step is not a number.
        settings: the rule and its sizes.
    """
    rate = _rate(log_confidence, slope.flatten(1).double().square().sum(dim=1), settings)
    return rate.to(torch.float32)[:, None, None, None] * slope


def _rate(log_confidence: Tensor, slope_squared: Tensor, settings: AscentSettings) -> Tensor:
    """Return by what the slope of log p is multiplied for one step, float64 (N,).

    By the rule `progress` that is lr * p: the authors' learning rate, times p since the slope lacks that factor.
    """
    if settings.rule == "fixed_length":
        return settings.step_length / slope_squared.sqrt()
    p, missing = log_confidence.exp(), -log_confidence.expm1()
    progress = (settings.late_step * missing).clamp(max=settings.early_step)
    return (progress / (p.square() * slope_squared)).clamp(max=LARGEST_RATE) * p
