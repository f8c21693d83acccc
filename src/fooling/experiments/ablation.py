"""What a network says of fooling images when repeated elements are removed (paper, section 3.2, Figure 10).

Copies are painted in the image's background, those farthest from its centre first. The control paints random regions
of the same area in the same colour, so that a drop which is due to the area alone shows there as well.
"""

from collections.abc import Iterable

import numpy as np
import torch
from scipy import ndimage

from fooling.artifacts.ablation import HALF_LEFT, ONE_LEFT, SHARES_LEFT, Ablation, AblationFile, Pictures
from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.experiments.repetition import Repetition, find_repetition
from fooling.networks.classifier import Classifier
from fooling.progress import Progress
from fooling.settings.ablation import AblationSettings

PICTURES = 10
TOLERANCE = 1e-3
"""Largest difference between the recorded and the recomputed confidence that devices and versions explain."""


def select_images(fooling_sets: Iterable[FoolingSet], settings: AblationSettings) -> FoolingSet:
    """Return the distinct final images of the highest confidence; one set is held at a time.

    Raises:
        FoolingError: the sets were made by several methods or against several networks.
    """
    parts = [_distinct(fooling_set.final(), settings) for fooling_set in fooling_sets]
    for key in ("method", "network"):
        if len({getattr(part.origin, key) for part in parts}) > 1:
            raise FoolingError(f"The fooling sets have several {key}s; give those of one.")
    images = join(parts)
    return images.select(np.argsort(-images.log_confidence, kind="stable")[: settings.images])


def _distinct(final: FoolingSet, settings: AblationSettings) -> FoolingSet:
    """Return each confident image once, with the class that it fools best, the most confident first."""
    order = np.argsort(-final.log_confidence, kind="stable")
    rows = order[final.confidence[order] >= settings.least_confidence]
    first = first_distinct(final.images[row] for row in rows)
    return final.select(rows[first[: settings.images]])


def examine(
    images: FoolingSet, classifier: Classifier, network: str, runs: int, settings: AblationSettings
) -> AblationFile:
    """Return what becomes of images when repeated elements are removed, with pictures of some.

    Args:
        images: as `select_images` gives them.
        classifier: of the network that they fool.
        network: its name.
        runs: how many the images come from.
        settings: of the ablation.

    Raises:
        FoolingError: the images were made against another network.
    """
    if images.origin.network != network:
        raise FoolingError(
            f"The images were made against {images.origin.network}, not {network}; give the network that they fool."
        )
    ablation = ablate(images, classifier, settings)
    pictures = depict(images, ablation, classifier, settings)
    return AblationFile(ablation, pictures, images.target, images.run, runs, images.origin, settings)


def ablate(fooling_set: FoolingSet, classifier: Classifier, settings: AblationSettings) -> Ablation:
    """Remove the copies of every image that repeats an element, step by step, and score what is left.

    Raises:
        FoolingError: the classifier is not the one that the images were made against.
    """
    images, levels = len(fooling_set), len(SHARES_LEFT)
    result = Ablation(
        copies=np.zeros(images, dtype=np.int64),
        periods=np.zeros((images, 2, 2), dtype=np.int64),
        left=np.zeros((images, levels), dtype=np.int64),
        erased=np.zeros((images, levels)),
        confidence=np.full((images, levels), np.nan),
        control=np.full((images, levels), np.nan),
    )
    generator = seeded_generator(settings.seed, torch.device("cpu"), "ablation")
    with Progress("ablation", images, "image") as progress:
        for row, (image, target) in enumerate(zip(fooling_set.images, fooling_set.target.tolist(), strict=True)):
            result.confidence[row, 0] = result.control[row, 0] = confidences(classifier, image[None], target)[0]
            _check_source(fooling_set.confidence[row], result.confidence[row, 0])
            repetition = find_repetition(image, settings.least_correlation)
            if repetition is not None:
                result.copies[row] = repetition.copies
                result.periods[row, : len(repetition.periods)] = repetition.periods
                left = result.left[row] = copies_left(repetition.copies)
                for level in range(1, levels):
                    variants, area = removals(image, repetition, left[level], settings.controls, generator)
                    scores = confidences(classifier, variants, target)
                    result.erased[row, level] = area / repetition.copy.size
                    result.confidence[row, level], result.control[row, level] = scores[0], scores[1:].mean()
            progress.update(row + 1, row + 1, lambda: f"{np.count_nonzero(result.copies)} repeat an element")
    return result


def depict(fooling_set: FoolingSet, ablation: Ablation, classifier: Classifier, settings: AblationSettings) -> Pictures:
    """Draw and score the pictures of the first images that repeat an element."""
    rows = np.flatnonzero(ablation.copies)[:PICTURES]
    images = np.zeros((len(rows), 4, *fooling_set.images.shape[1:]), dtype=np.uint8)
    generator = seeded_generator(settings.seed, torch.device("cpu"), "ablation pictures")
    for number, row in enumerate(rows):
        image, left = fooling_set.images[row], ablation.left[row]
        repetition = find_repetition(image, settings.least_correlation)
        assert repetition is not None
        half, _ = removals(image, repetition, left[HALF_LEFT], 1, generator)
        one, _ = removals(image, repetition, left[ONE_LEFT], 0, generator)
        images[number] = np.concatenate([image[None], half, one])
    scores = [
        confidences(classifier, states, int(target))
        for states, target in zip(images, fooling_set.target[rows], strict=True)
    ]
    return Pictures(rows, images, np.array(scores).reshape(len(rows), 4))


def copies_left(copies: int) -> np.ndarray:
    """Return how many of so many copies are left at each of `SHARES_LEFT`, int64 (L,)."""
    return np.maximum(np.ceil(np.array(SHARES_LEFT) * copies), 1).astype(np.int64)


def removals(
    image: np.ndarray, repetition: Repetition, left: int, controls: int, generator: torch.Generator
) -> tuple[np.ndarray, int]:
    """Return the image with so many copies left, and controls.

    Args:
        image: uint8 (C, H, W).
        repetition: of that image.
        left: copies to leave, those nearest to the centre.
        controls: how many times to erase random regions instead; their grain is a quarter of the period.
        generator: of these regions; on the CPU.

    Returns:
        uint8 (1 + controls, C, H, W), and the erased area in pixels, the same in all.
    """
    removed = repetition.copy >= left if left < repetition.copies else np.zeros(repetition.copy.shape, dtype=bool)
    area = int(removed.sum())
    grain = float(np.hypot(*repetition.periods[0])) / 4
    regions = [removed, *(random_region(removed.shape, area, grain, generator) for _ in range(controls))]
    return np.stack([np.where(region, repetition.background[:, None, None], image) for region in regions]), area


def random_region(shape: tuple[int, ...], area: int, grain: float, generator: torch.Generator) -> np.ndarray:
    """Return blobs of `area` pixels altogether, boolean (H, W): the highest places of smoothed noise.

    Args:
        shape: (H, W).
        area: in pixels.
        grain: standard deviation of the smoothing, in pixels.
        generator: on the CPU.
    """
    noise = torch.randn(shape, generator=generator, dtype=torch.float64).numpy()
    heights = ndimage.gaussian_filter(noise, grain, mode="wrap").ravel()
    region = np.zeros(heights.size, dtype=bool)
    region[np.argsort(-heights, kind="stable")[:area]] = True
    return region.reshape(shape)


def confidences(classifier: Classifier, images: np.ndarray, target: int) -> np.ndarray:
    """Return the confidence in one class of uint8 (N, C, H, W) images, float64 (N,)."""
    log_confidence = classifier.log_confidence(torch.from_numpy(images).to(classifier.device))[:, target]
    return np.exp(log_confidence.cpu().numpy().astype(np.float64))


def _check_source(recorded: float, confidence: float) -> None:
    if not abs(recorded - confidence) <= TOLERANCE:
        raise FoolingError(
            f"The network gives an image the confidence {confidence:.4f}, but {recorded:.4f} is recorded; "
            "give the network that the images were made against."
        )
