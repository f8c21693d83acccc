"""The files that a network's weights lie in: one, or the parts that an index lists."""

import contextlib
import json
from pathlib import Path

from fooling.errors import FoolingError

_LARGEST_INDEX = 50_000_000  # bytes


def weight_parts(path: Path) -> list[Path]:
    """Return the files whose tensors make the weights: `path` itself, or the parts that lie beside an index.

    Args:
        path: a file of weights, or an index such as `model.safetensors.index.json`.

    Raises:
        FoolingError: the index is damaged, or a part is missing.
    """
    if path.suffix != ".json":
        return [path]
    names = _listed(path)
    for name in names:
        if Path(name).name != name or any(sign in name for sign in "{}\0"):
            raise FoolingError(
                f"{path} lists the part {name!r}, which does not lie beside it; it is no index of weights."
            )
    parts = [path.with_name(name) for name in names]
    for part in parts:
        if not part.is_file():
            raise FoolingError(f"{path} lists {part.name}, which is not beside it; copy all {len(parts)} parts there.")
    return parts


def _listed(path: Path) -> list[str]:
    listed: set[str] = set()
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        if path.stat().st_size <= _LARGEST_INDEX:
            listed = set(json.loads(path.read_text(encoding="utf-8"))["weight_map"].values())
    if not listed or not all(isinstance(name, str) and name for name in listed):
        raise FoolingError(
            f"{path} is no readable file of weights; give a state dict (.pth or .safetensors), or the index that lists "
            "its parts (.index.json)."
        )
    return sorted(listed)
