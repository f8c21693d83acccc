"""What detectors of unnatural images say of fooling images, of natural ones, and of ordinary outliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch

from fooling.artifacts.detector_scores import NATURAL
from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.artifacts.origin import EvolutionOrigin
from fooling.detection.detectors import Detector, fit_detector
from fooling.detection.observer import Observer
from fooling.errors import FoolingError
from fooling.experiments.fitting_images import Natural
from fooling.experiments.outliers import draw, noise
from fooling.networks.classifier import log_softmax
from fooling.progress import Progress
from fooling.settings.detection import DetectionSettings

NOISE = "noise"
IMAGES_AT_ONCE = 500


@dataclass(frozen=True)
class ImageSet:
    """Images of one kind.

    Attributes:
        kind: the method that made them, or what they are.
        images: uint8 (N, C, H, W).
        set: of hyperparameters, if gradient ascent made them; the detector that they passed, if evolution was guarded
            by one; else empty.
        number: of the round of retraining; 0 where nobody made them to fool a network.
        run: int64 (N,), the seeds of their runs, or 0.
    """

    kind: str
    images: np.ndarray
    set: str = ""
    number: int = 0
    run: np.ndarray | int = 0


def detect(
    observer: Observer,
    natural: Natural,
    fooling_sets: Mapping[str, FoolingSet],
    outliers: Mapping[str, np.ndarray],
    settings: DetectionSettings,
) -> pd.DataFrame:
    """Fit detectors to a network and score images by them; equal images of a kind count once.

    Args:
        observer: of the network.
        natural: images of its data set.
        fooling_sets: by the name that messages give them; each is asked for once, so that a mapping which reads them
            need not hold them all. Their final images are scored, those of one method, set and round as one kind.
        outliers: uint8 (N, C, H, W) by name.
        settings: of detection.

    Returns:
        The scores as `fooling.artifacts.detector_scores` has them: of natural images, each kind of fooling images,
        noise, and outliers.

    Raises:
        FoolingError: a set is of another data set, size or number of classes, or a detector cannot be fitted.
    """
    generator = np.random.default_rng(settings.seed)
    most = settings.unknown_images
    sets = [ImageSet(NATURAL, natural.test_images), *gather(fooling_sets, observer, most, generator)]
    sets.append(ImageSet(NOISE, noise(most, observer.classifier.image_shape, generator)))
    sets += [ImageSet(name, images) for name, images in outliers.items()]
    detectors = _fit(observer, natural, settings)
    tables = []
    with Progress(f"Detecting on {observer.name}", len(sets), "set") as progress:
        for number, each in enumerate(sets, start=1):
            tables.append(_score(observer, detectors, each))
            progress.update(number, number, lambda: f"{len(detectors)} detectors")
    return pd.concat(tables, ignore_index=True)


def gather(
    fooling_sets: Mapping[str, FoolingSet], observer: Observer, most: int, generator: np.random.Generator
) -> list[ImageSet]:
    """Return the different final images of each method, set and round, at most so many, which are drawn.

    Guarded evolution may have left no image; then there is nothing to gather.

    Raises:
        FoolingError: a set is of another data set, size or number of classes, or another one holds no image.
    """
    kinds: dict[tuple[str, str, int], FoolingSet] = {}
    for name, fooling_set in fooling_sets.items():
        guard = _guard_of(fooling_set)
        if guard and not len(fooling_set):
            continue
        _check(name, fooling_set, observer)
        origin = fooling_set.origin
        number = origin.round if isinstance(origin, EvolutionOrigin) else 1
        kind = (origin.method, origin.ascent_set or guard, number)
        final = fooling_set.final()
        drawn = final.select(draw(len(final), most, generator))
        kinds[kind] = join([kinds[kind], drawn]) if kind in kinds else drawn
    sets = []
    for (method, of, number), images in kinds.items():
        distinct = first_distinct(images.images)
        drawn = images.select(distinct[draw(len(distinct), most, generator)])
        sets.append(ImageSet(method, drawn.images, of, number, drawn.run))
    return sets


def _guard_of(fooling_set: FoolingSet) -> str:
    """Return the detector that guarded the network; empty if none did."""
    settings = fooling_set.provenance.get("settings")
    guard = settings.get("guard") if isinstance(settings, Mapping) else None
    return str(guard["detector"]) if isinstance(guard, Mapping) and "detector" in guard else ""


def _check(name: str, fooling_set: FoolingSet, observer: Observer) -> None:
    origin, classifier = fooling_set.origin, observer.classifier
    if origin.dataset != observer.dataset:
        raise FoolingError(
            f"{name} fools a network of {origin.dataset}, but {observer.name} is one of {observer.dataset}; give sets "
            "of its own data set."
        )
    if origin.classes != classifier.classes:
        raise FoolingError(
            f"{name} aims at {origin.classes} classes, but {observer.name} has {classifier.classes}; give sets of the "
            "same classes."
        )
    shape, taken = fooling_set.images.shape[1:], tuple(classifier.image_shape)
    if shape != taken:
        raise FoolingError(f"{name} holds images of the shape {shape}, but {observer.name} takes {taken}; give others.")
    if not len(fooling_set):
        raise FoolingError(f"{name} holds no image; give sets that hold some.")


def _fit(observer: Observer, natural: Natural, settings: DetectionSettings) -> list[Detector]:
    if not len(natural.training_images):
        return [fit_detector(name, observer) for name in settings.detectors]
    training = observer(torch.from_numpy(natural.training_images))
    labels = torch.from_numpy(natural.training_labels)
    return [fit_detector(name, observer, training, labels) for name in settings.detectors]


def _score(observer: Observer, detectors: Sequence[Detector], images: ImageSet) -> pd.DataFrame:
    """Return what images are, the confidence in them and their scores, a row for each."""
    parts = []
    for begin in range(0, len(images.images), IMAGES_AT_ONCE):
        seen = observer(torch.from_numpy(images.images[begin : begin + IMAGES_AT_ONCE]))
        confidence = log_softmax(seen.logits.double()).amax(dim=1).exp().cpu().numpy()
        columns: dict[str, np.ndarray] = {"confidence": confidence}
        parts.append(pd.DataFrame(columns | {detector.name: detector.scores(seen) for detector in detectors}))
    scores = pd.concat(parts, ignore_index=True)
    place: dict[str, Any] = {"images": images.kind, "set": images.set, "round": images.number, "run": images.run}
    return scores.assign(**place)[[*place, *scores.columns]]
