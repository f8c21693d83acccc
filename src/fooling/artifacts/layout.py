"""What an artifact consists of: the types and shapes of its arrays, checked wherever one is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.storage import load_arrays
from fooling.errors import FoolingError

Layout = Mapping[str, str]
"""For each array its type and the length of each dimension, such as `uint8 N C 28 28`.

A letter stands for one number throughout the file, `*` for any."""


def load_artifact(
    path: Path, kind: str, layout: Layout, keys: Mapping[str, type], further: str | None = None
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read an artifact of the given `kind`: the `keys` of its header and the arrays of its `layout`.

    Arrays whose names begin with `further` are returned too, whatever they hold; others are passed over.

    Raises:
        FoolingError: the file is missing, damaged or of another kind or version, or its parts do not fit together.
    """
    header, arrays = load_arrays(path, kind)
    for name in (*layout, *keys):
        if name not in arrays and name not in header:
            raise FoolingError(f"{path} lacks {name!r} and is no {kind} of this version; make it again.")
    if not has_layout(arrays, layout) or any(type(header.get(name)) is not kind for name, kind in keys.items()):
        raise damaged(path)
    named = [*layout, *(name for name in arrays if further is not None and name.startswith(further))]
    return {name: header[name] for name in keys}, {name: arrays[name] for name in named}


def has_layout(arrays: Mapping[str, np.ndarray], layout: Layout) -> bool:
    """Tell whether all arrays of the layout are there and as it says."""
    lengths: dict[str, int] = {}
    for name, described in layout.items():
        dtype, *dimensions = described.split()
        array = arrays.get(name)
        if array is None or array.dtype != dtype or array.ndim != len(dimensions):
            return False
        for dimension, length in zip(dimensions, array.shape, strict=True):
            if dimension != "*" and length != (
                int(dimension) if dimension.isdecimal() else lengths.setdefault(dimension, length)
            ):
                return False
    return True


def layout_of(arrays: Mapping[str, np.ndarray]) -> dict[str, str]:
    """Return the layout that arrays of exactly these types and shapes have."""
    return {name: " ".join(map(str, (array.dtype, *array.shape))) for name, array in arrays.items()}


def damaged(path: Path) -> FoolingError:
    """Return the error that tells of a file whose parts contradict each other."""
    return FoolingError(f"{path} is damaged: its parts do not fit together; delete it and make it again.")
