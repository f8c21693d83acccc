"""What a network that was not fooled sees in fooling images: the artifact by which their likeness is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.layout import damaged, load_artifact
from fooling.artifacts.origin import Origin, parse_origin
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

KIND = "table of features"


@dataclass(frozen=True)
class Features:
    """Features of the final images of some fooling sets, set after set, each in the order of its `final()`.

    Attributes:
        values: float32 (N, D), inputs of the network's last linear layer.
        fooling_set: int64 (N,), position of the set among those that were given.
        target: int64 (N,), the class each image aims at.
        run: int64 (N,), the seed of the run.
        image: int64 (N,), number of the distinct image, from 0; equal images share it, within a set or between sets.
        network: whose features these are.
        origins: the origin of each set (see `FoolingSet`).
        provenance: settings, code, versions and inputs of the step that made it.
    """

    values: np.ndarray
    fooling_set: np.ndarray
    target: np.ndarray
    run: np.ndarray
    image: np.ndarray
    network: str
    origins: Sequence[Origin]
    provenance: Mapping[str, Any]

    @property
    def directions(self) -> np.ndarray:
        """The features at length 1, float64 (N, D): their products are cosine similarities. Zeros stay zeros."""
        values = self.values.astype(np.float64)
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        return values / np.where(lengths > 0, lengths, 1)

    def check_set(self, position: int, final: FoolingSet) -> None:
        """Check that the set at this position is the one whose final images these features are of.

        Raises:
            FoolingError: it is not.
        """
        rows = self.fooling_set == position
        same = np.array_equal(self.target[rows], final.target) and np.array_equal(self.run[rows], final.run)
        if not same or self.origins[position] != final.origin:
            raise FoolingError(
                f"The features were made from other fooling sets than the given number {position + 1}; "
                "give those of the step embed, in the same order."
            )


_LAYOUT = {
    "values": "float32 N D",
    "fooling_set": "int64 N",
    "target": "int64 N",
    "run": "int64 N",
    "image": "int64 N",
}


def save_features(path: Path, features: Features) -> None:
    """Write features; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    header = {
        "network": features.network,
        "origins": [origin.plain() for origin in features.origins],
        "provenance": dict(features.provenance),
    }
    arrays = {name: np.asarray(getattr(features, name), form.split()[0]) for name, form in _LAYOUT.items()}
    save_arrays(path, KIND, header, arrays)


def load_features(path: Path) -> Features:
    """Read features.

    Raises:
        FoolingError: the file is missing, damaged, or its parts do not fit together.
    """
    header, columns = load_artifact(path, KIND, _LAYOUT, {"network": str, "origins": list, "provenance": dict})
    origins = [parse_origin(origin, f"A fooling set of {path}") for origin in header["origins"]]
    features = Features(**columns, origins=origins, network=header["network"], provenance=header["provenance"])
    fits = set(np.unique(features.fooling_set).tolist()) <= set(range(len(features.origins))) and bool(
        np.isfinite(features.values).all()
    )
    if not fits:
        raise damaged(path)
    return features
