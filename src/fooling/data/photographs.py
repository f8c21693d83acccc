"""Labelled photographs that the foolbox package holds."""

import importlib.util
from pathlib import Path

from fooling.errors import FoolingError

LabelledImage = tuple[Path, int]
"""An image's file and the class it shows, 0-999."""


def photographs() -> list[LabelledImage]:
    """Return the twenty labelled ImageNet photographs that the foolbox package holds.

    Raises:
        FoolingError: the package is not installed or holds none.
    """
    package = importlib.util.find_spec("foolbox")  # importing it would take seconds
    folders = (package.submodule_search_locations if package is not None else None) or []
    paths = sorted(path for folder in folders for path in Path(folder, "data").glob("imagenet_*_*.jpg"))
    if not paths:
        raise FoolingError("The package foolbox, which holds the photographs, is not installed; install it.")
    return [(path, int(path.stem.rpartition("_")[2])) for path in paths]
