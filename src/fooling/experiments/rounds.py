"""How hard each network of a chain is to fool, and how well it knows real and older fooling images (section 3.5)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fooling.data.datasets import HeldOut
from fooling.experiments.recognition import images_and_targets, recognise
from fooling.experiments.retraining_chain import Round
from fooling.networks.classifier import Classifier

CONFIDENCES = {"to_90": 0.9, "to_99": 0.99, "to_9999": 0.9999}
"""Columns of a table of rounds: evaluations until a run's median confidence over the classes is so high."""


def tabulate_rounds(rounds: Sequence[Round], classifiers: Sequence[Classifier], real: HeldOut) -> pd.DataFrame:
    """Return one row per round.

    Args:
        rounds: of one chain, in order.
        classifiers: of their networks.
        real: images of the data set that they were trained on, without fooling images.

    Returns:
        round, dataset, classes; generations and children, of the evolution against the network; fooling_images and
        fooling_share, the number of fooling images that it learned from and their share of the training images (missing
        if the data set has none); test_error, and test_as_fooling, the share of real test images that the network takes
        for fooling; runs, median_confidence of the last elites over classes and runs, and the lowest_run and
        highest_run, of the runs' medians; the columns of `CONFIDENCES`, medians over the runs (missing if fewer than
        half of them get there); old_confidence, the median confidence of this network in the last elites of the round
        before, and old_as_fooling, the share of them that it takes for fooling (both missing in round 1). Later
        networks without a class of fooling images have no share of what they take for it.
    """
    rows = []
    fooling_images = 0
    for number, (each, classifier) in enumerate(zip(rounds, classifiers, strict=True)):
        final = each.evolved.final()
        medians = pd.Series(final.confidence).groupby(final.run).median()
        knows = bool(each.trained.fooling_rounds)
        test = recognise(classifier, real.images, real.labels, knows_fooling=knows) if number else {"as_fooling": 0.0}
        before = rounds[number - 1].evolved.final()
        old = recognise(classifier, *images_and_targets(before), knows_fooling=knows) if number else {}
        rows.append(
            {
                "round": number + 1,
                "dataset": each.trained.dataset,
                "classes": real.classes,
                "generations": each.evolved.evolution.generations,
                "children": each.evolved.evolution.batch,
                "fooling_images": fooling_images,
                "fooling_share": _share(fooling_images, real.training_images),
                "test_error": each.trained.training.get("test_error", np.nan),
                "test_as_fooling": test["as_fooling"],
                "runs": len(medians),
                "median_confidence": float(np.median(final.confidence)),
                "lowest_run": float(medians.min()),
                "highest_run": float(medians.max()),
                **{name: evaluations_to(each.history, level) for name, level in CONFIDENCES.items()},
                "old_confidence": old.get("confidence", np.nan),
                "old_as_fooling": old.get("as_fooling", np.nan),
            }
        )
        fooling_images += len(each.drawn) if each.drawn is not None else 0
    return pd.DataFrame(rows)


def _share(fooling_images: int, real_images: int) -> float:
    return fooling_images / (fooling_images + real_images) if real_images else np.nan


def evaluations_to(history: pd.DataFrame, level: float) -> float:
    """Return the median over the runs of the evaluations until the median over the classes reaches `level`.

    Missing (NaN) if fewer than half of the runs get there. `history` is of `read_history`.
    """
    reached = history[history["median_confidence"] >= level].groupby("run")["evaluations"].min().astype(np.float64)
    each = reached.reindex(history["run"].unique(), fill_value=np.inf)
    median = float(each.median())
    return median if np.isfinite(median) else np.nan
