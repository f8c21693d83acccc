"""A ReLU network grows certain far from its data: what scaling an input away does to confidence.

This illustrates theorem 3.1 of Hein, Andriushchenko and Bitterwolf ("Why ReLU networks yield high-confidence
predictions far away from the training data and how to mitigate the problem", CVPR 2019). A network of ReLUs,
max-pooling and linear layers is affine on each of finitely many regions. If no two classes have the same linear part in
a region, then for almost every input x the confidence in one class at alpha * x tends to 1 as alpha grows. What the
paper's Figure 14 sketches is therefore no accident of one network.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from fooling.devices import seeded_generator
from fooling.experiments.outliers import draw, noise
from fooling.experiments.plane import RING, THRESHOLD, draw_points, train
from fooling.networks.classifier import log_softmax
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.plane import PlaneSettings

SCALES = tuple(float(scale) for scale in np.logspace(0, 3, 19))
"""What an input is multiplied by, 1 to 1000."""
QUANTILES = {"low": 0.05, "median": 0.5, "high": 0.95}
RAYS, IMAGES = 720, 200
"""Directions in the plane; images of each kind."""
PLANE, NATURAL, NOISE = "plane", "natural", "noise"
"""What tables call the kinds of inputs."""


def tabulate_plane(settings: PlaneSettings, device: torch.device) -> pd.DataFrame:
    """Follow rays from the centre of Figure 14's square, from the ring of its data outwards, with the same network.

    Returns:
        One row for each of `SCALES`; see `confidences_along`.
    """
    generator = seeded_generator(settings.seed, device, "plane")  # as `make_plane` begins
    network = train(*draw_points(settings.points_per_class, generator), settings, generator)
    angle = torch.arange(RAYS, dtype=torch.float64, device=device) * (2 * torch.pi / RAYS)
    return confidences_along(PLANE, network, RING * torch.stack([angle.cos(), angle.sin()], dim=1))


def tabulate_images(
    trained: TrainedNetwork, natural: np.ndarray, generator: np.random.Generator, device: torch.device
) -> pd.DataFrame:
    """Scale natural images and uniform noise in a network's input space, where no range of pixels cuts them off.

    Args:
        trained: the network.
        natural: images that it was not trained on, uint8 (N, C, H, W); at most `IMAGES` are drawn.
        generator: of the draw and the noise.
        device: where to compute.

    Returns:
        One row for each kind and each of `SCALES`; see `confidences_along`.
    """
    network, preprocessing = trained.network.to(device).eval(), trained.preprocessing.to(device)
    kinds = {NATURAL: natural[draw(len(natural), IMAGES, generator)]}
    kinds[NOISE] = noise(IMAGES, trained.image_shape, generator)
    with torch.inference_mode():
        inputs = {kind: preprocessing(torch.from_numpy(images).to(device).float()) for kind, images in kinds.items()}
    return pd.concat([confidences_along(kind, network, each) for kind, each in inputs.items()], ignore_index=True)


@torch.inference_mode()
def confidences_along(kind: str, network: Callable[[Tensor], Tensor], inputs: Tensor) -> pd.DataFrame:
    """Return how confident a network is in its likeliest class while inputs, (N, …), move away from the origin.

    Returns:
        One row for each of `SCALES`: kind; scale; count, of the inputs; the `QUANTILES` of the confidence over them;
        and certain, the share of them whose confidence reaches 0.9999.
    """
    rows = []
    for scale in SCALES:
        confidence = log_softmax(network(scale * inputs).double()).amax(dim=1).exp().cpu().numpy()
        quantiles = {name: float(np.quantile(confidence, share)) for name, share in QUANTILES.items()}
        certain = float((confidence >= THRESHOLD).mean())
        rows.append({"kind": kind, "scale": scale, "count": len(inputs), **quantiles, "certain": certain})
    return pd.DataFrame(rows)
