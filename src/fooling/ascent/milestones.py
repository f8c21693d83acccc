"""When the images of gradient ascent first win their class, and first exceed each level of confidence."""

import math

import torch
from torch import Tensor

LEVELS = (0.99, 0.999, 0.9999)
MILESTONES = ("top_1", *(f"above_{level}" for level in LEVELS))
"""An image is kept the first time its class comes first, and the first time its confidence exceeds each level."""
REACH = 0.5
"""An image is rounded and judged once its real-valued pixels come so close to a milestone, in log-odds, or pass it.

Rounding mostly makes images less confident. On LeNet and EfficientNet-Lite0 it raised the log-odds by at most 0.12 and
the lead over the best other class by 0.27 (Lite0: six classes, all of the authors' sets; LeNet: sets -1 and 360).
"""


class Milestones:
    """The milestones of N images.

    Args:
        count: N.
        image_shape: (C, H, W).
        device: that holds the record.

    Attributes:
        first: int64 (N, len(MILESTONES)), iteration of each milestone, -1 before it is reached.
        snapshots: uint8 (N, len(MILESTONES), C, H, W), the images then.
    """

    def __init__(self, count: int, image_shape: tuple[int, ...], device: torch.device) -> None:
        self.first = torch.full((count, len(MILESTONES)), -1, device=device)
        self.snapshots = torch.zeros((count, len(MILESTONES), *image_shape), dtype=torch.uint8, device=device)

    def near(self, rows: Tensor, log_confidence: Tensor, lead: Tensor) -> Tensor:
        """Return which images, once rounded, may reach a milestone for the first time, bool (n,).

        Args:
            rows: int64 (n,), which of the N images.
            log_confidence: float64 (n,), of their real-valued pixels.
            lead: float32 (n,), of the target's logit over the best other class's.
        """
        near = torch.stack([lead + REACH > 0, *(near_level(log_confidence, level) for level in LEVELS)], dim=1)
        return (near & (self.first[rows] < 0)).any(dim=1)

    def record(self, rows: Tensor, images: Tensor, iteration: int, wins: Tensor, log_confidence: Tensor) -> None:
        """Keep those of the images that reach a milestone for the first time.

        Args:
            rows: int64 (n,), which of the N images.
            images: uint8 (n, C, H, W).
            iteration: its number.
            wins: bool (n,), whether an image's target comes first.
            log_confidence: float64 (n,), of `images`.
        """
        confidence = log_confidence.exp()
        reached = torch.stack([wins, *(confidence > level for level in LEVELS)], dim=1)
        image, milestone = (reached & (self.first[rows] < 0)).nonzero(as_tuple=True)
        self.first[rows[image], milestone] = iteration
        self.snapshots[rows[image], milestone] = images[image]


def near_level(log_confidence: Tensor, level: float) -> Tensor:
    """Return which confidences, given as float64 logarithms (n,), exceed `level` or come within `REACH` of it."""
    odds = log_confidence - (-log_confidence.expm1()).log() + REACH
    return odds > math.log(level) - math.log1p(-level)
