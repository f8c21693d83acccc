"""What retrained networks make of fooling images old, new and of other kinds, and of real ones (paper, section 3.5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.distinct import first_distinct
from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.data.datasets import HeldOut
from fooling.experiments.retraining_chain import Round
from fooling.networks.classifier import Classifier, score_distinct

NOISE_IMAGES = 1000


def tabulate_recognition(
    rounds: Sequence[Round],
    classifiers: Sequence[Classifier],
    real: HeldOut,
    others: Mapping[str, FoolingSet],
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return what each retrained network makes of images that fooled its forerunners, and of other kinds.

    Args:
        rounds: of one chain, in order.
        classifiers: of their networks.
        real: images of the data set that they were trained on.
        others: further fooling sets against DNN1, by what tables call them.
        generator: draws images of uniform noise.

    Returns:
        One row for each network from DNN2 on and each kind of image: round; images, a short name of the kind; made_in,
        the round they were made in (0 for none); seen, whether the network was trained with them; and what
        `recognise` measures. Equal images count once.
    """
    noise = generator.integers(0, 256, (NOISE_IMAGES, *real.image_shape), dtype=np.uint8)
    rows: list[dict[str, Any]] = []
    for number, classifier in enumerate(classifiers[1:], start=2):
        knows = bool(rounds[number - 1].trained.fooling_rounds)
        for kind, made_in, seen, images, target in _kinds(rounds[: number - 1], others):
            place = {"round": number, "images": kind, "made_in": made_in, "seen": seen}
            rows.append({**place, **recognise(classifier, images, target, knows_fooling=knows)})
        place = {"round": number, "made_in": 0, "seen": False}
        rows.append({**place, "images": "noise", **recognise(classifier, noise, knows_fooling=knows)})
        test = recognise(classifier, real.images, real.labels, knows_fooling=knows)
        rows.append({**place, "images": "test", **test})
    return pd.DataFrame(rows)


def by_kind(fooling_sets: Iterable[FoolingSet]) -> dict[str, FoolingSet]:
    """Join the sets of one method and, of gradient ascent, of one set of hyperparameters; the key names both."""
    kinds: dict[str, FoolingSet] = {}
    for fooling_set in fooling_sets:
        kind = " ".join(filter(None, (fooling_set.origin.method, fooling_set.origin.ascent_set)))
        kinds[kind] = join([kinds[kind], fooling_set]) if kind in kinds else fooling_set
    return kinds


Kind = tuple[str, int, bool, np.ndarray, np.ndarray]


def _kinds(rounds: Sequence[Round], others: Mapping[str, FoolingSet]) -> Iterator[Kind]:
    """Yield name, round, whether they were learned from, images and targets."""
    drawn = {image.tobytes() for each in rounds if each.drawn is not None for image in each.drawn.images}
    for number, each in enumerate(rounds, start=1):
        first, last = each.evolved.generation.min(), each.evolved.generation.max()
        for kind, generation in (("first", first), ("last", last)):
            part = _distinct(each.evolved.select(each.evolved.generation == generation))
            seen = np.array([image.tobytes() in drawn for image in part.images])
            for learned in (True, False):
                chosen = part.select(seen == learned)
                if len(chosen):
                    yield kind, number, learned, *images_and_targets(chosen)
    for kind, fooling_set in others.items():
        yield kind, 1, False, *images_and_targets(_distinct(fooling_set.final()))


def _distinct(fooling_set: FoolingSet) -> FoolingSet:
    return fooling_set.select(first_distinct(fooling_set.images))


def images_and_targets(fooling_set: FoolingSet) -> tuple[np.ndarray, np.ndarray]:
    """Return the images of a set and the class that each aims at, as `recognise` takes them."""
    return fooling_set.images, fooling_set.target


def recognise(
    classifier: Classifier, images: np.ndarray, target: np.ndarray | None = None, *, knows_fooling: bool
) -> dict[str, float]:
    """Return what a retrained network makes of images.

    Args:
        classifier: of the network.
        images: uint8 (N, C, H, W).
        target: int64 (N,), the classes they aim at or belong to; None if there are none.
        knows_fooling: whether its last class is of fooling images.

    Returns:
        count; as_fooling, the share of images whose top-1 label is that class (missing without it); same_label, the
        share whose label is the target; confidence, the median in the target (both missing without targets).
    """
    scores = score_distinct(classifier, images)
    label = scores.argmax(axis=1)
    if target is None:
        same, confidence = np.nan, np.nan
    else:
        same = float((label == target).mean())
        confidence = float(np.median(np.exp(scores[np.arange(len(images)), target].astype(np.float64))))
    return {
        "count": len(images),
        "as_fooling": float((label == classifier.classes - 1).mean()) if knows_fooling else np.nan,
        "same_label": same,
        "confidence": confidence,
    }
