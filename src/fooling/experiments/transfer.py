"""Transfer: what other networks say of images that fool one (paper, section 3.2; supplementary table S1)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.fooling_set import FoolingSet
from fooling.errors import FoolingError
from fooling.networks.classifier import Classifier, score_distinct

GROUP = ["method", "set", "source_network", "network"]
TOP = 5
TOLERANCE = 1e-4
"""Largest difference between the recorded and the recomputed confidence that devices and versions explain."""


def check_transfer(fooling_sets: Mapping[str, FoolingSet], classifiers: Mapping[str, Classifier]) -> None:
    """Check that every network can score every set.

    A network that takes images of any size needs the same channels and classes only.

    Args:
        fooling_sets: by the name that messages give them.
        classifiers: by the network's name.

    Raises:
        FoolingError: the shape of a set's images, or its number of classes, does not fit a network.
    """
    for name, fooling_set in fooling_sets.items():
        for network, classifier in classifiers.items():
            shape, taken = fooling_set.images.shape[1:], tuple(classifier.image_shape)
            if shape[0] != taken[0] or (shape != taken and not classifier.any_size):
                raise FoolingError(
                    f"{name} holds images of the shape {shape}, but {network} takes {taken}; "
                    "score it on networks of its own data set."
                )
            if fooling_set.origin.classes != classifier.classes:
                raise FoolingError(
                    f"{name} aims at {fooling_set.origin.classes} classes, but {network} has {classifier.classes}; "
                    "score it on networks with the same classes."
                )


def score_transfer(
    fooling_sets: Mapping[str, FoolingSet], classifiers: Mapping[str, Classifier], least_confidence: float = 0
) -> pd.DataFrame:
    """Score the final images of every set on every network, the source among them or not.

    Args:
        fooling_sets: by the name that messages give them; each is asked for twice, one after the other, so that a
            mapping which reads them need not hold them all.
        classifiers: by the network's name, as it stands in the sets' origin.
        least_confidence: of the source network in an image; others are not scored.

    Returns:
        One row for each set, image and network: fooling_set (position in `fooling_sets`), image (row in the set's
        `final()`), method, set (of hyperparameters; empty unless ascent), source_network, run, target,
        source_confidence, network, confidence (in the target class), label (top-1), label_confidence, the
        logarithms source_log_confidence and log_confidence, which tell confidences near 1 apart, and rank (of the
        target class among all by confidence, from 1).

    Raises:
        FoolingError: see `check_transfer`, which comes first; or a source network gives another confidence than
            the one its set recorded.
    """
    check_transfer(fooling_sets, classifiers)
    tables = []
    for position, (name, fooling_set) in enumerate(fooling_sets.items()):
        final = fooling_set.final()
        rows = np.flatnonzero(final.confidence >= least_confidence)
        fooling = final.select(rows)
        place = {"fooling_set": position, "image": rows}
        tables += [_score(name, fooling, place, network, classifier) for network, classifier in classifiers.items()]
    return pd.concat(tables, ignore_index=True)


def _score(
    name: str, fooling_set: FoolingSet, place: Mapping[str, Any], network: str, classifier: Classifier
) -> pd.DataFrame:
    log_confidences = score_distinct(classifier, fooling_set.images)
    rows = np.arange(len(fooling_set))
    label = log_confidences.argmax(axis=1)
    log_confidence = log_confidences[rows, fooling_set.target].astype(np.float64)
    confidence = np.exp(log_confidence)
    if network == fooling_set.origin.network:
        _check_source(name, fooling_set.confidence, network, confidence)
    return pd.DataFrame(
        {
            **place,
            "method": fooling_set.origin.method,
            "set": fooling_set.origin.ascent_set,
            "source_network": fooling_set.origin.network,
            "run": fooling_set.run,
            "target": fooling_set.target,
            "source_confidence": fooling_set.confidence,
            "network": network,
            "confidence": confidence,
            "label": label,
            "label_confidence": np.exp(log_confidences[rows, label].astype(np.float64)),
            "source_log_confidence": fooling_set.log_confidence.astype(np.float64),
            "log_confidence": log_confidence,
            "rank": 1 + (log_confidences > log_confidences[rows, fooling_set.target][:, None]).sum(axis=1),
        }
    )


def _check_source(name: str, recorded: np.ndarray, network: str, confidence: np.ndarray) -> None:
    difference = np.abs(recorded - confidence).max(initial=0)
    if not difference <= TOLERANCE:
        raise FoolingError(
            f"{name} was not made with this {network}: their confidences differ by up to {difference:.2g}; "
            "make the set again, or give the network that it was made with."
        )


def summarise_transfer(scores: pd.DataFrame) -> pd.DataFrame:
    """Summarise the scores of `score_transfer` for each method, set, source network and network.

    Returns:
        One row for each group: images (count), the shares in [0, 1] same_label (the network's top-1 label is the
        target), top_5 (the target is among its five most confident classes), above_99 and above_9999 (at least that
        confident in it), both_above_9999 (the source as well), source_more_confident, and median_confidence.
    """
    judged = scores.assign(
        same_label=scores["label"] == scores["target"],
        top_5=scores["rank"] <= TOP,
        above_99=scores["confidence"] >= 0.99,
        above_9999=scores["confidence"] >= 0.9999,
        both_above_9999=(scores["confidence"] >= 0.9999) & (scores["source_confidence"] >= 0.9999),
        source_more_confident=scores["source_log_confidence"] > scores["log_confidence"],
    )
    return (
        judged.groupby(GROUP, sort=False, dropna=False)
        .agg(
            images=("target", "size"),
            same_label=("same_label", "mean"),
            top_5=("top_5", "mean"),
            above_99=("above_99", "mean"),
            above_9999=("above_9999", "mean"),
            median_confidence=("confidence", "median"),
            both_above_9999=("both_above_9999", "mean"),
            source_more_confident=("source_more_confident", "mean"),
        )
        .reset_index()
    )
