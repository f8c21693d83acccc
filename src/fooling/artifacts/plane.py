"""Two models of the same points in the plane, asked on a grid (`plane.npz`; paper, section 5, Figure 14)."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.layout import load_artifact
from fooling.artifacts.storage import save_arrays
from fooling.settings.base import parse
from fooling.settings.plane import PlaneSettings

KIND = "plane"
_LAYOUT = {
    "points": "float32 N 2",
    "labels": "int64 N",
    "axis": "float32 G",
    "log_confidence": "float32 3 G G",
    "log_density": "float32 3 G G",
    "level": "float64",
    "fooling_point": "float32 2",
    "fooling_log_confidence": "float32 3",
    "fooling_log_density": "float32 3",
    "draws": "int64",
    "test_error": "float64",
}


@dataclass(frozen=True)
class Plane:
    """Two models of the same N points of three classes, asked on a grid of G by G places.

    Attributes:
        points: float32 (N, 2), the training points (x, y).
        labels: int64 (N,).
        axis: float32 (G,), the places along x and along y.
        log_confidence: float32 (3, G, G), of the network, by class, y and x.
        log_density: float32 (3, G, G), of each class's points by the generative model, times 1 / 3.
        level: the log density above which the share `mass` of all points is expected, of all classes together.
        fooling_point: float32 (2,), a point far from the data that fools the network.
        fooling_log_confidence: float32 (3,), of the network there.
        fooling_log_density: float32 (3,), of the generative model there.
        draws: how many points were drawn until that one.
        test_error: of the network, in [0, 1].
        settings: by which it was made.
    """

    points: np.ndarray
    labels: np.ndarray
    axis: np.ndarray
    log_confidence: np.ndarray
    log_density: np.ndarray
    level: float
    fooling_point: np.ndarray
    fooling_log_confidence: np.ndarray
    fooling_log_density: np.ndarray
    draws: int
    test_error: float
    settings: PlaneSettings


def save_plane(path: Path, plane: Plane, provenance: Mapping[str, Any]) -> None:
    """Write a plane and the record of the step that made it; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    names = [field.name for field in dataclasses.fields(plane) if field.name != "settings"]
    arrays = {name: np.asarray(getattr(plane, name)) for name in names}
    save_arrays(path, KIND, {"settings": plane.settings.model_dump(), "provenance": dict(provenance)}, arrays)


def load_plane(path: Path) -> Plane:
    """Read a plane.

    Raises:
        FoolingError: the file is missing, damaged, or of another version.
    """
    header, arrays = load_artifact(path, KIND, _LAYOUT, {"settings": dict})
    settings = parse(PlaneSettings, header["settings"], f"The settings in {path}")
    plain: dict[str, Any] = {name: array if array.ndim else array.item() for name, array in arrays.items()}
    return Plane(**plain, settings=settings)
