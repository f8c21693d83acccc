"""What became of fooling images when repeated elements were removed (`ablation.npz`; paper, Figure 10)."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.layout import damaged, load_artifact
from fooling.artifacts.origin import Origin, parse_origin
from fooling.artifacts.storage import save_arrays
from fooling.settings.ablation import AblationSettings
from fooling.settings.base import parse

KIND = "ablation"
SHARES_LEFT = (1.0, 0.75, 0.5, 0.25, 0.0)
"""Levels of removal: shares of the copies that are left, rounded up; at 0 a single copy is left."""
HALF_LEFT, ONE_LEFT = SHARES_LEFT.index(0.5), SHARES_LEFT.index(0.0)
"""The levels of which pictures are kept."""
_MEASURED = {
    "copies": "int64 N",
    "periods": "int64 N 2 2",
    "left": "int64 N L",
    "erased": "float64 N L",
    "confidence": "float64 N L",
    "control": "float64 N L",
}
_PICTURES = {"row": "int64 P", "images": "uint8 P 4 C H W", "confidence": "float64 P 4"}
_LAYOUT = {
    **_MEASURED,
    "shares_left": "float64 L",
    "target": "int64 N",
    "run": "int64 N",
    **{f"pictures/{name}": described for name, described in _PICTURES.items()},
}


@dataclass(frozen=True)
class Ablation:
    """What became of N images at L = `len(SHARES_LEFT)` levels of removal; the first level is the whole image.

    Attributes:
        copies: int64 (N,), how many copies of an element an image has; 0 if it repeats none.
        periods: int64 (N, 2, 2), its periods as shifts (down, right) in pixels; zeros where there is none.
        left: int64 (N, L), how many copies are left.
        erased: float64 (N, L), share of the pixels that is painted over.
        confidence: float64 (N, L), in the target class; NaN where nothing is repeated and hence nothing removed.
        control: float64 (N, L), the mean of it when random regions of the same area are painted over.
    """

    copies: np.ndarray
    periods: np.ndarray
    left: np.ndarray
    erased: np.ndarray
    confidence: np.ndarray
    control: np.ndarray


@dataclass(frozen=True)
class Pictures:
    """The first P images that repeat an element, each in four states.

    The states are: whole; half of the copies left; a control of the same area; one copy left.

    Attributes:
        row: int64 (P,), among the examined images.
        images: uint8 (P, 4, C, H, W).
        confidence: float64 (P, 4), in the target class.
    """

    row: np.ndarray
    images: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class AblationFile:
    """An ablation with the images it is of.

    Attributes:
        ablation: the numbers.
        pictures: of some of the images.
        target: int64 (N,), the class each image aims at.
        run: int64 (N,), the seed of its run.
        runs: how many runs the images come from.
        origin: of the images' fooling sets.
        settings: of the ablation.
    """

    ablation: Ablation
    pictures: Pictures
    target: np.ndarray
    run: np.ndarray
    runs: int
    origin: Origin
    settings: AblationSettings

    def table(self) -> dict[str, np.ndarray]:
        """Return the numbers as columns: one row for each image that repeats an element and level, one for each other.

        Columns: target, run, copies and left, int64; erased, confidence and control, float64.
        """
        ablation = self.ablation
        row, level = np.nonzero(~np.isnan(ablation.confidence))
        return {
            "target": self.target[row],
            "run": self.run[row],
            "copies": ablation.copies[row],
            "left": ablation.left[row, level],
            "erased": ablation.erased[row, level],
            "confidence": ablation.confidence[row, level],
            "control": ablation.control[row, level],
        }


def save_ablation(path: Path, file: AblationFile, provenance: Mapping[str, Any]) -> None:
    """Write an ablation and the record of the step that made it; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    arrays = {"target": file.target, "run": file.run, "shares_left": np.array(SHARES_LEFT)}
    arrays |= _columns(file.ablation)
    arrays |= {f"pictures/{name}": column for name, column in _columns(file.pictures).items()}
    header = {"origin": file.origin.plain(), "runs": file.runs, "settings": file.settings.model_dump()}
    save_arrays(path, KIND, header | {"provenance": dict(provenance)}, arrays)


def _columns(part: Ablation | Pictures) -> dict[str, np.ndarray]:
    return {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}


def load_ablation(path: Path) -> AblationFile:
    """Read an ablation.

    Raises:
        FoolingError: the file is missing, damaged, or of another version.
    """
    header, arrays = load_artifact(path, KIND, _LAYOUT, {"origin": dict, "runs": int, "settings": dict})
    is_known = tuple(arrays["shares_left"].tolist()) == SHARES_LEFT
    if not is_known or not np.isin(arrays["pictures/row"], np.arange(len(arrays["target"]))).all():
        raise damaged(path)
    return AblationFile(
        ablation=Ablation(**{name: arrays[name] for name in _MEASURED}),
        pictures=Pictures(**{name: arrays[f"pictures/{name}"] for name in _PICTURES}),
        target=arrays["target"],
        run=arrays["run"],
        runs=header["runs"],
        origin=parse_origin(header["origin"], str(path)),
        settings=parse(AblationSettings, header["settings"], f"The settings in {path}"),
    )
