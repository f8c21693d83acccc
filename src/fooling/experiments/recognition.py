"""What retrained networks make of fooling images old, new and of other kinds, and of real ones (paper, section 3.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.distinct import number_distinct
from fooling.artifacts.fooling_set import FoolingSet
from fooling.data.datasets import Dataset
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier, score_distinct
from fooling.networks.network_file import TrainedNetwork
from fooling.training.fooling_class import check_fits, fooling_class

CONFIDENCES = {"to_90": 0.9, "to_99": 0.99, "to_9999": 0.9999}
"""Columns of a table of rounds: evaluations until a run's median confidence over the classes is so high."""
NOISE_IMAGES = 1000
_HISTORY = {"run": np.int64, "evaluations": np.int64, "median_confidence": np.float64}


@dataclass(frozen=True)
class Round:
    """One network of a chain and the images that were evolved against it.

    Attributes:
        name: what the network is called.
        trained: the network DNN_i.
        evolved: every run against it, with the elites of generation 0 and the last.
        history: the generations of these runs: run, evaluations, median_confidence.
        drawn: those of the images that joined the fooling class of the next network; None in the last round.
    """

    name: str
    trained: TrainedNetwork
    evolved: FoolingSet
    history: pd.DataFrame
    drawn: FoolingSet | None


def read_history(path: Path) -> pd.DataFrame:
    """Read what a round's history tells of its runs: run, evaluations, median_confidence.

    Raises:
        FoolingError: the file is missing, damaged or empty, or lacks a column.
    """
    try:
        history = pd.read_csv(path, usecols=list(_HISTORY), dtype=_HISTORY)
    except FileNotFoundError as error:
        raise FoolingError(f"There is no history at {path}.") from error
    except (OSError, ValueError, OverflowError) as error:  # pandas' own errors and undecodable bytes are ValueErrors
        raise FoolingError(f"{path} is not a readable history ({error}); delete it and make it again.") from error
    if history.empty or not history["median_confidence"].between(0, 1).all():
        raise FoolingError(f"{path} holds no confidences in 0 to 1; delete it and make it again.")
    return history


def check_chain(rounds: Sequence[Round], dataset: Dataset, others: Sequence[FoolingSet]) -> None:
    """Check that the rounds are one chain, in order, and that all images are of its data set.

    Args:
        rounds: to check.
        dataset: that the networks were trained on.
        others: further fooling sets against DNN1.

    Raises:
        FoolingError: a network has a fooling class of another round than its place, or is none for these data; images
            were evolved against another network, or are none or of other data.
    """
    first = rounds[0].trained
    data = (first.dataset, dataset.classes, first.image_shape)
    for number, each in enumerate(rounds, start=1):
        trained = each.trained
        if trained.fooling_rounds != number - 1:
            wanted = f"a fooling class of {number - 1} rounds" if number > 1 else "no fooling class: it is the first"
            raise FoolingError(
                f"Network {number} of the chain should have {wanted}, but it has one of {trained.fooling_rounds}; give "
                "the networks in the order of their rounds."
            )
        if (trained.dataset, trained.real_classes) != data[:2]:
            raise FoolingError(
                f"Network {number} of the chain knows the {trained.real_classes} classes of {trained.dataset}, not the "
                f"{dataset.classes} of {first.dataset}."
            )
        if each.evolved.origin.get("round") != number:
            raise FoolingError(
                f"Fooling set {number} is of round {each.evolved.origin.get('round', 'unknown')}; give the sets in the "
                "order of their rounds."
            )
        _check_images(each.evolved, f"Fooling set {number}", each.name, data)
    fooling_class([each.drawn for each in rounds if each.drawn is not None], *data)
    for number, fooling_set in enumerate(others, start=1):
        _check_images(fooling_set, f"Further fooling set {number}", rounds[0].name, data)


def _check_images(
    fooling_set: FoolingSet, called: str, network: str, data: tuple[str, int, tuple[int, int, int]]
) -> None:
    check_fits(fooling_set, called, *data)
    against = fooling_set.origin.get("network", "an unknown network")
    if against != network:
        raise FoolingError(f"{called} was made against {against}, not against {network}.")


def tabulate_rounds(rounds: Sequence[Round], classifiers: Sequence[Classifier], dataset: Dataset) -> pd.DataFrame:
    """Return one row per round.

    Args:
        rounds: of one chain, in order.
        classifiers: of their networks.
        dataset: that they were trained on, without fooling images.

    Returns:
        round, dataset, classes; generations and children, of the evolution against the network; fooling_images and
        fooling_share, the size of the fooling class and its share of the training images (missing if the data set has
        none); test_error, and test_as_fooling, the share of real test images that the network takes for fooling; runs,
        median_confidence of the last elites over classes and runs, and the lowest_run and highest_run, of the runs'
        medians; the columns of `CONFIDENCES`, medians over the runs (missing if fewer than half of them get there);
        old_confidence, the median confidence of this network in the last elites of the round before, and
        old_as_fooling, the share of them that it takes for fooling (both missing in round 1).
    """
    rows = []
    fooling_images = 0
    for number, (each, classifier) in enumerate(zip(rounds, classifiers, strict=True)):
        final = each.evolved.final()
        medians = pd.Series(final.confidence).groupby(final.run).median()
        test = recognise(classifier, dataset.test_images, dataset.test_labels) if number else {"as_fooling": 0.0}
        old = recognise(classifier, *_aimed(rounds[number - 1].evolved.final())) if number else {}
        rows.append(
            {
                "round": number + 1,
                "dataset": each.trained.dataset,
                "classes": dataset.classes,
                "generations": each.evolved.origin["generations"],
                "children": each.evolved.origin["batch"],
                "fooling_images": fooling_images,
                "fooling_share": _share(fooling_images, len(dataset.train_images)),
                "test_error": each.trained.training.get("test_error", np.nan),
                "test_as_fooling": test["as_fooling"],
                "runs": len(medians),
                "median_confidence": float(np.median(final.confidence)),
                "lowest_run": float(medians.min()),
                "highest_run": float(medians.max()),
                **{name: _evaluations_to(each.history, level) for name, level in CONFIDENCES.items()},
                "old_confidence": old.get("confidence", np.nan),
                "old_as_fooling": old.get("as_fooling", np.nan),
            }
        )
        fooling_images += len(each.drawn) if each.drawn is not None else 0
    return pd.DataFrame(rows)


def _share(fooling_images: int, real_images: int) -> float:
    return fooling_images / (fooling_images + real_images) if real_images else np.nan


def _evaluations_to(history: pd.DataFrame, level: float) -> float:
    """Return the median over the runs of the evaluations until the median over the classes reaches `level`."""
    reached = history[history["median_confidence"] >= level].groupby("run")["evaluations"].min().astype(np.float64)
    each = reached.reindex(history["run"].unique(), fill_value=np.inf)
    median = float(each.median())
    return median if np.isfinite(median) else np.nan


def tabulate_recognition(
    rounds: Sequence[Round],
    classifiers: Sequence[Classifier],
    dataset: Dataset,
    others: Mapping[str, FoolingSet],
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return what each retrained network makes of images that fooled its forerunners, and of other kinds.

    Args:
        rounds: of one chain, in order.
        classifiers: of their networks.
        dataset: that they were trained on.
        others: further fooling sets against DNN1, by what tables call them.
        generator: draws images of uniform noise.

    Returns:
        One row for each network from DNN2 on and each kind of image: round; images, a short name of the kind; made_in,
        the round they were made in (0 for none); seen, whether the network was trained with them; and what
        `recognise` measures. Equal images count once.
    """
    noise = generator.integers(0, 256, (NOISE_IMAGES, *dataset.image_shape), dtype=np.uint8)
    rows: list[dict[str, Any]] = []
    for number, classifier in enumerate(classifiers[1:], start=2):
        for kind, made_in, seen, images, target in _kinds(rounds[: number - 1], others):
            place = {"round": number, "images": kind, "made_in": made_in, "seen": seen}
            rows.append({**place, **recognise(classifier, images, target)})
        rows.append({"round": number, "images": "noise", "made_in": 0, "seen": False, **recognise(classifier, noise)})
        test = recognise(classifier, dataset.test_images, dataset.test_labels)
        rows.append({"round": number, "images": "test", "made_in": 0, "seen": False, **test})
    return pd.DataFrame(rows)


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
                    yield kind, number, learned, *_aimed(chosen)
    for kind, fooling_set in others.items():
        yield kind, 1, False, *_aimed(_distinct(fooling_set.final()))


def _distinct(fooling_set: FoolingSet) -> FoolingSet:
    return fooling_set.select(np.unique(number_distinct(fooling_set.images), return_index=True)[1])


def _aimed(fooling_set: FoolingSet) -> tuple[np.ndarray, np.ndarray]:
    return fooling_set.images, fooling_set.target


def recognise(classifier: Classifier, images: np.ndarray, target: np.ndarray | None = None) -> dict[str, float]:
    """Return what a network whose last class is of fooling images makes of some.

    Args:
        classifier: of the network.
        images: uint8 (N, C, H, W).
        target: int64 (N,), the classes they aim at or belong to; None if there are none.

    Returns:
        count; as_fooling, the share of images whose top-1 label is the fooling class; same_label, the share whose label
        is the target; confidence, the median in the target (both missing without targets).
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
        "as_fooling": float((label == classifier.classes - 1).mean()),
        "same_label": same,
        "confidence": confidence,
    }
