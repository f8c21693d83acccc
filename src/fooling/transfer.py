"""Transfer: what other networks say of images that fool one (paper, section 3.2; supplementary table S1)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import torch

from fooling.classifier import Classifier
from fooling.errors import FoolingError
from fooling.fooling_set import FoolingSet

GROUP = ["method", "set", "source_network", "network"]
TOLERANCE = 1e-4
"""Largest difference between the recorded and the recomputed confidence that devices and versions explain."""


def check_transfer(fooling_sets: Mapping[str, FoolingSet], classifiers: Mapping[str, Classifier]) -> None:
    """Check that every network can score every set.

    Args:
        fooling_sets: by the name that messages give them.
        classifiers: by the network's name.

    Raises:
        FoolingError: a set does not say which network and method made it, or its images' size or its number
            of classes differs from a network's.
    """
    for name, fooling_set in fooling_sets.items():
        lacking = [key for key in ("method", "network", "classes") if key not in fooling_set.origin]
        if lacking:
            raise FoolingError(f"{name} does not say its {lacking[0]}; make it again with this version.")
        for network, classifier in classifiers.items():
            shape = fooling_set.images.shape[1:]
            if shape != tuple(classifier.image_shape):
                raise FoolingError(
                    f"{name} holds images of the shape {shape}, but {network} takes {tuple(classifier.image_shape)}; "
                    "score it on networks of its own data set."
                )
            if fooling_set.origin["classes"] != classifier.classes:
                raise FoolingError(
                    f"{name} aims at {fooling_set.origin['classes']} classes, but {network} has {classifier.classes}; "
                    "score it on networks with the same classes."
                )


def score_transfer(fooling_sets: Mapping[str, FoolingSet], classifiers: Mapping[str, Classifier]) -> pd.DataFrame:
    """Score the final images of every set on every network, the source among them or not.

    Args:
        fooling_sets: by the name that messages give them.
        classifiers: by the network's name, as it stands in the sets' origin.

    Returns:
        One row for each set, image and network: fooling_set (position in `fooling_sets`), image (row in the set's
        `final()`), method, set (of hyperparameters; empty unless ascent), source_network, run, target,
        source_confidence, network, confidence (in the target class), label (top-1), label_confidence, and the
        logarithms source_log_confidence and log_confidence, which tell confidences near 1 apart.

    Raises:
        FoolingError: see `check_transfer`, which comes first; or a source network gives another confidence than
            the one its set recorded.
    """
    check_transfer(fooling_sets, classifiers)
    tables = [
        _score(position, name, fooling_set.final(), network, classifier)
        for position, (name, fooling_set) in enumerate(fooling_sets.items())
        for network, classifier in classifiers.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _score(position: int, name: str, fooling_set: FoolingSet, network: str, classifier: Classifier) -> pd.DataFrame:
    images = torch.from_numpy(fooling_set.images).to(classifier.device)
    log_confidences = classifier.log_confidence(images).cpu().numpy()
    rows = np.arange(len(fooling_set))
    label = log_confidences.argmax(axis=1)
    log_confidence = log_confidences[rows, fooling_set.target].astype(np.float64)
    confidence = np.exp(log_confidence)
    if network == fooling_set.origin["network"]:
        _check_source(name, fooling_set.confidence, network, confidence)
    return pd.DataFrame(
        {
            "fooling_set": position,
            "image": rows,
            "method": fooling_set.origin["method"],
            "set": fooling_set.origin.get("set", ""),
            "source_network": fooling_set.origin["network"],
            "run": fooling_set.run,
            "target": fooling_set.target,
            "source_confidence": fooling_set.confidence,
            "network": network,
            "confidence": confidence,
            "label": label,
            "label_confidence": np.exp(log_confidences[rows, label].astype(np.float64)),
            "source_log_confidence": fooling_set.log_confidence.astype(np.float64),
            "log_confidence": log_confidence,
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
        target), above_99 and above_9999 (at least that confident in it), both_above_9999 (the source as well),
        source_more_confident, and median_confidence.
    """
    judged = scores.assign(
        same_label=scores["label"] == scores["target"],
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
            above_99=("above_99", "mean"),
            above_9999=("above_9999", "mean"),
            median_confidence=("confidence", "median"),
            both_above_9999=("both_above_9999", "mean"),
            source_more_confident=("source_more_confident", "mean"),
        )
        .reset_index()
    )
