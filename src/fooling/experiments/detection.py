"""What detectors of unnatural images say of fooling images, of natural ones, and of ordinary outliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from fooling.artifacts.detector_scores import NATURAL
from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.artifacts.origin import EvolutionOrigin
from fooling.data.imagenet.sample import load_training_sample
from fooling.detection.detectors import Detector, fit_detector
from fooling.detection.observer import Observer
from fooling.detection.threshold import check_enough
from fooling.errors import FoolingError
from fooling.experiments.held_out import load_held_out, load_own_dataset
from fooling.experiments.outliers import draw, noise
from fooling.networks.classifier import log_softmax
from fooling.networks.network_file import TrainedNetwork
from fooling.progress import Progress
from fooling.settings.datasets import IMAGENET
from fooling.settings.detection import DetectionSettings

NOISE = "noise"
IMAGES_AT_ONCE = 500


@dataclass(frozen=True)
class Natural:
    """Natural images of a network's data set.

    Attributes:
        training_images: uint8 (N, C, H, W), to fit detectors to; there may be none.
        training_labels: int64 (N,).
        test_images: uint8 (M, C, H, W), which the network was not trained on.
    """

    training_images: np.ndarray
    training_labels: np.ndarray
    test_images: np.ndarray


def load_natural(
    trained: TrainedNetwork, folder: Path | None, settings: DetectionSettings
) -> tuple[Natural, list[Path]]:
    """Return natural images of the data set of a network, as many as the settings ask for, and their files.

    Args:
        trained: the network.
        folder: of the data set; None takes the twenty photographs, which stand for ImageNet, and no training images.
        settings: of detection.

    Raises:
        FoolingError: see `load_held_out`; or there are too few test images for a threshold.
    """
    generator = np.random.default_rng(settings.seed)
    held_out, files = load_held_out(trained, folder)
    test_images = held_out.images[draw(len(held_out.images), settings.test_images, generator)]
    check_enough(len(test_images))
    if folder is None:
        return Natural(test_images[:0], held_out.labels[:0], test_images), files
    if trained.dataset == IMAGENET.name:
        per_class = max(1, settings.training_images // trained.classes)
        images, labels, paths = load_training_sample(folder, trained.classes, trained.image_shape, per_class)
        return Natural(images, labels, test_images), files + paths
    dataset = load_own_dataset(trained, folder)
    rows = draw(len(dataset.train_images), settings.training_images, generator)
    return Natural(dataset.train_images[rows], dataset.train_labels[rows], test_images), files


@dataclass(frozen=True)
class ImageSet:
    """Images of one kind.

    Attributes:
        kind: the method that made them, or what they are.
        images: uint8 (N, C, H, W).
        ascent_set: of hyperparameters; empty unless gradient ascent made them.
        number: of the round of retraining; 0 where nobody made them to fool a network.
        run: int64 (N,), the seeds of their runs, or 0.
    """

    kind: str
    images: np.ndarray
    ascent_set: str = ""
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

    Raises:
        FoolingError: a set is of another data set, size or number of classes, or holds no image.
    """
    kinds: dict[tuple[str, str, int], FoolingSet] = {}
    for name, fooling_set in fooling_sets.items():
        _check(name, fooling_set, observer)
        origin = fooling_set.origin
        kind = (origin.method, origin.ascent_set, origin.round if isinstance(origin, EvolutionOrigin) else 1)
        final = fooling_set.final()
        drawn = final.select(draw(len(final), most, generator))
        kinds[kind] = join([kinds[kind], drawn]) if kind in kinds else drawn
    sets = []
    for (method, ascent_set, number), images in kinds.items():
        distinct = first_distinct(images.images)
        drawn = images.select(distinct[draw(len(distinct), most, generator)])
        sets.append(ImageSet(method, drawn.images, ascent_set, number, drawn.run))
    return sets


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
    place: dict[str, Any] = {"images": images.kind, "set": images.ascent_set, "round": images.number, "run": images.run}
    return scores.assign(**place)[[*place, *scores.columns]]
