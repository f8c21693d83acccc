"""What a cure for fooling is worth: how hard the network is to fool anew, and what the cure costs elsewhere."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from fooling.data.datasets import HeldOut
from fooling.experiments.outliers import noise
from fooling.experiments.retraining_chain import Round
from fooling.experiments.rounds import evaluations_to
from fooling.networks.classifier import Classifier, score_distinct
from fooling.networks.cure_record import cure_of

NOISE_IMAGES = 1000
CONFIDENCES = {"to_50": 0.5, "to_90": 0.9, "to_99": 0.99}
"""Columns of evaluations until a run's median confidence over the classes is so high."""


def tabulate_cure(
    rounds: Sequence[Round], classifiers: Sequence[Classifier], real: HeldOut, generator: np.random.Generator
) -> pd.DataFrame:
    """Return one row for each network of a chain.

    Args:
        rounds: of the chain, in order.
        classifiers: of their networks.
        real: images of the data set that they were not trained on.
        generator: draws the images of uniform noise, the same for all networks.

    Returns:
        round, dataset, classes; cure, of the network (`none` for a plain one); test_error; natural_confidence and
        noise_confidence, the means of the largest confidence in a real class, over real images and over noise;
        generations, children and runs, of the evolution against the network; median_confidence, of the last elites over
        classes and runs; the columns of `CONFIDENCES`, medians over the runs (missing if fewer than half of them get
        there).
    """
    drawn = noise(NOISE_IMAGES, real.image_shape, generator)
    rows: list[dict[str, Any]] = []
    for number, (each, classifier) in enumerate(zip(rounds, classifiers, strict=True), start=1):
        final = each.evolved.final()
        rows.append(
            {
                "round": number,
                "dataset": each.trained.dataset,
                "classes": real.classes,
                "cure": cure_of(each.trained),
                "test_error": each.trained.training.get("test_error", np.nan),
                "natural_confidence": mean_confidence(classifier, real.images, real.classes),
                "noise_confidence": mean_confidence(classifier, drawn, real.classes),
                "generations": each.evolved.evolution.generations,
                "children": each.evolved.evolution.batch,
                "runs": len(np.unique(final.run)),
                "median_confidence": float(np.median(final.confidence)),
                **{name: evaluations_to(each.history, level) for name, level in CONFIDENCES.items()},
            }
        )
    return pd.DataFrame(rows)


def mean_confidence(classifier: Classifier, images: np.ndarray, classes: int) -> float:
    """Return the mean over images, uint8 (N, C, H, W), of the largest confidence in one of the first `classes`."""
    largest = score_distinct(classifier, images)[:, :classes].max(axis=1)
    return float(np.exp(largest.astype(np.float64)).mean())
