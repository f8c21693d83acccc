"""Why networks are easily fooled: a classifier of points in the plane, really trained (paper, section 5, Figure 14).

A discriminative model learns p(class | x) and divides the whole plane among the classes; a generative one also learns
how likely the point x itself is.
"""

import logging

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fooling.artifacts.plane import Plane
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.settings.plane import PlaneSettings

CLASSES = 3
RING, BEND, SPREAD = 1.7, 0.5, 0.45
"""Each class is two round clouds side by side on a ring: its radius, half the angle between them, their deviation."""
THRESHOLD = 0.9999
"""The confidence of a fooling point, as the paper asks of images."""
DRAWS = 1000
"""Points drawn at random in search of one."""

log = logging.getLogger(__name__)


def make_plane(settings: PlaneSettings, device: torch.device) -> Plane:
    """Draw points, train the network on them, fit the densities, and ask both on a grid.

    Raises:
        FoolingError: the square does not hold the data, or no point in it fools the network.
    """
    generator = seeded_generator(settings.seed, device, "plane")
    points, labels = draw_points(settings.points_per_class, generator)
    if float(points.abs().max()) >= settings.reach:
        raise FoolingError(f"reach is {settings.reach:g}, but points lie farther out; raise it.")
    network = train(points, labels, settings, generator)
    test_points, test_labels = draw_points(settings.points_per_class, generator)
    wrong = log_confidence(network, test_points).argmax(dim=1) != test_labels
    density = KernelDensity(points, labels)

    axis = torch.linspace(-settings.reach, settings.reach, settings.grid, dtype=torch.float64, device=device)
    grid = torch.cartesian_prod(axis, axis).flip(1)  # x runs fastest
    shape = (CLASSES, settings.grid, settings.grid)
    on_grid = density.log_density(grid)
    level = region_level(on_grid.logsumexp(dim=1), settings.mass)
    found, draws = find_fooling_point(network, density, level, settings.reach, generator)
    log.info("Test error %.2f %%; a fooling point after %d draws.", 100 * float(wrong.double().mean()), draws)
    return Plane(
        points=points.float().cpu().numpy(),
        labels=labels.cpu().numpy(),
        axis=axis.float().cpu().numpy(),
        log_confidence=log_confidence(network, grid).T.reshape(shape).float().cpu().numpy(),
        log_density=on_grid.T.reshape(shape).float().cpu().numpy(),
        level=level,
        fooling_point=found.float().cpu().numpy(),
        fooling_log_confidence=log_confidence(network, found[None])[0].float().cpu().numpy(),
        fooling_log_density=density.log_density(found[None])[0].float().cpu().numpy(),
        draws=draws,
        test_error=float(wrong.double().mean()),
        settings=settings,
    )


def draw_points(per_class: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw points of each class: float64 (N, 2) and their labels, int64 (N,)."""
    device = generator.device
    labels = torch.arange(CLASSES, device=device).repeat_interleave(per_class)
    side = 2 * torch.randint(2, (len(labels),), generator=generator, device=device) - 1
    angle = 2 * torch.pi * labels / CLASSES + torch.pi / 2 + BEND * side
    centres = RING * torch.stack([angle.cos(), angle.sin()], dim=1).double()
    noise = torch.randn(centres.shape, generator=generator, device=device, dtype=torch.float64)
    return centres + SPREAD * noise, labels


def train(points: Tensor, labels: Tensor, settings: PlaneSettings, generator: torch.Generator) -> nn.Module:
    """Train a perceptron with two hidden layers by cross-entropy; float64, as its confidences come close to 1."""
    width = settings.hidden_units
    layers = [nn.Linear(2, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, CLASSES)]
    network = nn.Sequential(*layers).to(points.device, torch.float64)
    for parameter in network.parameters():
        # PyTorch's own initialisation, from an explicit generator.
        bound = 1 / (parameter.shape[1] if parameter.ndim == 2 else 2 * width) ** 0.5
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    optimiser = torch.optim.Adam(network.parameters(), settings.learning_rate)
    for _ in range(settings.iterations):
        optimiser.zero_grad()
        functional.cross_entropy(network(points), labels).backward()
        optimiser.step()
    return network


@torch.no_grad()
def log_confidence(network: nn.Module, points: Tensor) -> Tensor:
    """Return the network's log-softmax at `points`, float64 (N, 2): float64 (N, classes)."""
    return functional.log_softmax(network(points), dim=1)


class KernelDensity:
    """A Gaussian kernel density estimate of each class, with Scott's bandwidth and equal priors.

    Args:
        points: float64 (N, 2).
        labels: int64 (N,).
    """

    def __init__(self, points: Tensor, labels: Tensor) -> None:
        self._classes = []
        for label in range(CLASSES):
            members = points[labels == label]
            covariance = torch.cov(members.T) * len(members) ** (-1 / 3)  # Scott's factor in two dimensions, squared
            whiten = torch.linalg.cholesky(torch.linalg.inv(covariance))
            constant = whiten.logdet() - np.log(2 * np.pi * len(members) * CLASSES)
            self._classes.append((members @ whiten, whiten, constant))

    def log_density(self, points: Tensor) -> Tensor:
        """Return log p(point, class) at `points`, float64 (N, 2): float64 (N, classes)."""
        return torch.stack([self._of_class(points, *one) for one in self._classes], dim=1)

    @staticmethod
    def _of_class(points: Tensor, members: Tensor, whiten: Tensor, constant: Tensor) -> Tensor:
        exact = "donot_use_mm_for_euclid_dist"
        blocks = (points @ whiten).split(4096)  # 4096 x 200 distances take 6 MB
        distances = (torch.cdist(block, members, compute_mode=exact) for block in blocks)
        return constant + torch.cat([(-0.5 * distance.square()).logsumexp(dim=1) for distance in distances])


def region_level(log_density: Tensor, mass: float) -> float:
    """Return the log density above which places of an even grid hold the share `mass` of the whole, (N,)."""
    ordered = log_density.sort(descending=True).values
    share = ordered.exp().cumsum(dim=0)
    return float(ordered[int((share < mass * share[-1]).sum())])


def find_fooling_point(
    network: nn.Module, density: KernelDensity, level: float, reach: float, generator: torch.Generator
) -> tuple[Tensor, int]:
    """Draw points evenly from the square until one fools the network; return it, float64 (2,), and the draws.

    It does if it lies beyond the region of the `level` of log density and the network's confidence reaches 0.9999.

    Raises:
        FoolingError: none of the draws does.
    """
    shape = (DRAWS, 2)
    drawn = reach * (2 * torch.rand(shape, generator=generator, device=generator.device, dtype=torch.float64) - 1)
    certain = log_confidence(network, drawn).amax(dim=1).exp() >= THRESHOLD
    fooling = (certain & (density.log_density(drawn).logsumexp(dim=1) < level)).nonzero()
    if not len(fooling):
        raise FoolingError(
            f"None of {DRAWS} points drawn from the square fools the network; train it for more iterations."
        )
    first = int(fooling[0, 0])
    return drawn[first], first + 1
