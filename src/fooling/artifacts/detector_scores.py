"""What detectors say of images: a table with a row for each image and a column for each detector (`detectors.csv`)."""

from pathlib import Path

import pandas as pd

from fooling.artifacts.storage import save_with
from fooling.artifacts.table import read_table
from fooling.errors import FoolingError
from fooling.settings.detection import DETECTORS

NATURAL = "test"
"""What the column `images` calls natural images that the network was not trained on."""
TEXTS = ("images", "set")
NUMBERS = ("round", "run", "confidence")
KIND = ["images", "set", "round"]
"""Columns that tell the sets of images apart."""


def save_scores(path: Path, scores: pd.DataFrame) -> None:
    """Write scores.

    Args:
        path: of the file.
        scores: a row for each image: images (`test`, the method that made them, or what they are), set (of
            hyperparameters of ascent, or the detector that guarded evolution; else empty), round (of retraining; 0 for
            images that fool no network), run (its seed), confidence (the network's highest), and a column for each
            detector; higher is more natural.

    Raises:
        FoolingError: the file cannot be written.
    """
    save_with(path, lambda place: scores.to_csv(place, index=False))


def read_scores(path: Path) -> pd.DataFrame:
    """Read scores; the columns of detectors are the last ones, in the order of the file.

    Raises:
        FoolingError: the file is no such table, or holds no score of natural images.
    """
    read_table(path, NUMBERS, TEXTS)
    columns = pd.read_csv(path, nrows=0).columns
    detectors = [name for name in columns if name in DETECTORS]
    scores = read_table(path, (*NUMBERS, *detectors), TEXTS)
    if not detectors or not (scores["images"] == NATURAL).any():
        raise FoolingError(f"{path} holds no score of natural images; make it again.")
    return scores


def detectors_in(scores: pd.DataFrame) -> list[str]:
    """Return the detectors whose scores a table holds."""
    return [name for name in scores.columns if name in DETECTORS]
