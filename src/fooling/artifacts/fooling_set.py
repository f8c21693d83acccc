"""The fooling set: the one artifact that everything which makes fooling images writes, and every user reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.layout import damaged, load_artifact
from fooling.artifacts.origin import KIND_NAMES, AscentOrigin, EvolutionOrigin, Origin, parse_origin
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

KIND = "fooling set"


@dataclass(frozen=True)
class FoolingSet:
    """Images with the class each one aims at.

    Attributes:
        images: uint8 (N, C, H, W); exactly what a PNG of it holds.
        target: int64 (N,), the class each image aims at.
        log_confidence: float32 (N,), logarithm of the origin's network's confidence in that class.
        generation: int64 (N,), the generation (evolution) or iteration (ascent) the image was taken at.
        born: int64 (N,), when the image first existed; an elite of generation 200 may be born in 93.
        run: int64 (N,), the seed of the run, or its number where others made it.
        origin: method (`direct`, `cppn`, `ascent`, `authors_cppn`), network, and more.
        provenance: settings, code, versions and inputs of the step that made it.
    """

    images: np.ndarray
    target: np.ndarray
    log_confidence: np.ndarray
    generation: np.ndarray
    born: np.ndarray
    run: np.ndarray
    origin: Origin
    provenance: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def confidence(self) -> np.ndarray:
        """Confidence of the source network in the target class, float64 (N,) in [0, 1]."""
        return np.exp(self.log_confidence.astype(np.float64))

    @property
    def image_names(self) -> list[str]:
        """A name for each image: its class, run and generation."""
        keys = zip(self.target, self.run, self.generation, strict=True)
        return [f"class-{target:04d}_run-{run}_generation-{generation}" for target, run, generation in keys]

    @property
    def evolution(self) -> EvolutionOrigin:
        """The origin of images that evolution made.

        Raises:
            FoolingError: they are of another kind.
        """
        if not isinstance(self.origin, EvolutionOrigin):
            raise self._given_instead_of(EvolutionOrigin)
        return self.origin

    @property
    def ascent(self) -> AscentOrigin:
        """The origin of images that gradient ascent made.

        Raises:
            FoolingError: they are of another kind.
        """
        if not isinstance(self.origin, AscentOrigin):
            raise self._given_instead_of(AscentOrigin)
        return self.origin

    def _given_instead_of(self, needed: type[Origin]) -> FoolingError:
        method = f" ({self.origin.method})" if isinstance(self.origin, EvolutionOrigin) else ""
        return FoolingError(
            f"A fooling set of {KIND_NAMES[type(self.origin)]}{method} is given where one of {KIND_NAMES[needed]} is "
            "needed."
        )

    def select(self, rows: np.ndarray) -> "FoolingSet":
        """Return the images at `rows`, a boolean mask or indices."""
        return replace(self, **{name: getattr(self, name)[rows] for name in COLUMNS})

    def final(self) -> "FoolingSet":
        """Return the last image of each class and run: an evolution's last generation, an ascent's last iterates."""
        keys, group = np.unique(np.stack([self.target, self.run]), axis=1, return_inverse=True)
        latest = np.full(keys.shape[1], -1)
        np.maximum.at(latest, group, self.generation)
        return self.select(self.generation == latest[group])


COLUMNS = tuple(field.name for field in fields(FoolingSet) if field.name not in ("origin", "provenance"))
_LAYOUT = dict.fromkeys(COLUMNS, "int64 N") | {"images": "uint8 N C H W", "log_confidence": "float32 N"}


def save_fooling_set(path: Path, fooling_set: FoolingSet) -> None:
    """Write a fooling set; equal content gives equal bytes.

    Raises:
        FoolingError: the file cannot be written.
    """
    header = {"origin": fooling_set.origin.plain(), "provenance": dict(fooling_set.provenance)}
    arrays = {name: np.asarray(getattr(fooling_set, name), _LAYOUT[name].split()[0]) for name in COLUMNS}
    save_arrays(path, KIND, header, arrays)


def load_fooling_set(path: Path) -> FoolingSet:
    """Read a fooling set.

    Raises:
        FoolingError: the file is missing, damaged, or its parts do not fit together.
    """
    header, columns = load_artifact(path, KIND, _LAYOUT, {"origin": dict, "provenance": dict})
    origin = parse_origin(header["origin"], str(path))
    fooling_set = FoolingSet(**columns, origin=origin, provenance=header["provenance"])
    if (fooling_set.target < 0).any() or np.isnan(fooling_set.log_confidence).any():
        raise damaged(path)
    return fooling_set


def join(fooling_sets: Sequence[FoolingSet]) -> FoolingSet:
    """Return the images of several sets, one after the other, with the origin and provenance of the first."""
    columns: dict[str, Any] = {name: np.concatenate([getattr(each, name) for each in fooling_sets]) for name in COLUMNS}
    return replace(fooling_sets[0], **columns)
