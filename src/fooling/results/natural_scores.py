"""The confidence of networks in natural images, read from the table of the step that scores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fooling.artifacts.table import read_table
from fooling.errors import FoolingError

SOURCE_NAMES = {"photographs": "photograph", "sample": "photograph", "ilsvrc_val": "ILSVRC validation image"}
"""Of one image, by the word in the table."""


@dataclass(frozen=True)
class NaturalScores:
    """What one network says of natural images.

    The confidence is that of the class which the network finds most likely, as it alone has a typical value for
    images that are labelled wrongly.

    Attributes:
        network: its name.
        source: what one image is called.
        confidence: float64 (N,) in [0, 1].
        right: bool (N,), whether that class is the image's label.
    """

    network: str
    source: str
    confidence: np.ndarray
    right: np.ndarray

    @property
    def subsets(self) -> dict[str, np.ndarray]:
        """The confidences of all images (under an empty name) and of those labelled rightly and wrongly, maybe none."""
        return {
            "": self.confidence,
            "labelled rightly": self.confidence[self.right],
            "labelled wrongly": self.confidence[~self.right],
        }


def read_natural_scores(paths: Sequence[Path]) -> list[NaturalScores]:
    """Read tables of natural images' scores, one entry for each network.

    Raises:
        FoolingError: a file is no such table, or scores a network that another one scores as well.
    """
    tables = [read_table(path, ("top_confidence", "right"), ("source", "network")) for path in paths]
    scores = [_scores(group) for table in tables for _, group in table.groupby("network", sort=False)]
    networks = [one.network for one in scores]
    repeated = [network for network in networks if networks.count(network) > 1]
    if repeated:
        raise FoolingError(f"Natural images' scores of {repeated[0]} are given twice; give one table of them.")
    return scores


def scores_of(network: str, scores: Sequence[NaturalScores]) -> NaturalScores:
    """Return the scores of one network.

    Raises:
        FoolingError: there are none.
    """
    for one in scores:
        if one.network == network:
            return one
    known = ", ".join(one.network for one in scores)
    raise FoolingError(f"The natural images were not scored on {network}, only on {known}; score them on it too.")


def _scores(group: pd.DataFrame) -> NaturalScores:
    source = group["source"].iloc[0]
    return NaturalScores(
        group["network"].iloc[0],
        SOURCE_NAMES.get(source, source),
        group["top_confidence"].to_numpy(),
        group["right"].to_numpy() > 0,
    )
