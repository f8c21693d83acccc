"""Checkpoints of long work: written by wall-clock interval and on SIGTERM, continued bit for bit."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

import numpy as np

from fooling.errors import FoolingError
from fooling.layout import damaged
from fooling.storage import delete_leftovers, load_arrays, save_arrays

KIND = "checkpoint"
Fits = Callable[[Mapping[str, Any], Mapping[str, np.ndarray]], bool]
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a program that SIGTERM has ended, as shells count it."""
_NAMED_DIFFERENCES = 5


def checkpoint_path(output: Path) -> Path:
    """Return the path of the checkpoint beside an output."""
    return output.with_name(f"{output.stem}.checkpoint.npz")


class Checkpoint:
    """A context manager in which SIGTERM asks for a last checkpoint instead of ending the program at once.

    Args:
        path: the file.
        fingerprint: settings, inputs, code and versions as plain JSON-able values (`Provenance.record()`);
            only work with an equal fingerprint may continue from the file.
        seconds: wall-clock seconds between two checkpoints.
    """

    def __init__(self, path: Path, fingerprint: Mapping[str, Any], seconds: float) -> None:
        self._path = path
        self._fingerprint = json.loads(json.dumps(fingerprint))  # as it will be read back: tuples become lists
        self._seconds = seconds
        self._saved = time.monotonic()
        self._terminated = False

    def __enter__(self) -> Self:
        self._previous_handler = signal.signal(signal.SIGTERM, self._terminate)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGTERM, self._previous_handler)

    def _terminate(self, _number: int, _frame: FrameType | None) -> None:
        self._terminated = True

    def load(self, fits: Fits = lambda _header, _arrays: True) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
        """Return the header and the arrays that were saved last; None if there is no checkpoint.

        Args:
            fits: tells whether this work can go on from a header and arrays, whatever they hold.

        Raises:
            FoolingError: the file is damaged, or was made by other settings, inputs, code or versions.
        """
        if not self._path.exists():
            return None
        stored, arrays = load_arrays(self._path, KIND)
        header = stored.get("header")
        if not isinstance(stored.get("fingerprint"), dict) or not isinstance(header, dict):
            raise damaged(self._path)
        different = list(_differences(stored["fingerprint"], self._fingerprint))
        if different:
            named = ", ".join(different[:_NAMED_DIFFERENCES])
            more = len(different) - _NAMED_DIFFERENCES
            raise FoolingError(
                f"{self._path} is the checkpoint of other work (it differs in {named}"
                f"{f' and {more} more' if more > 0 else ''}); delete it to start anew, or undo that change to continue."
            )
        if not fits(header, arrays):
            raise damaged(self._path)
        return header, arrays

    def due(self) -> bool:
        """Tell whether to save now: the interval has passed, or SIGTERM has come."""
        return self._terminated or time.monotonic() - self._saved >= self._seconds

    def save(self, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        """Write a checkpoint in place of the last one; if SIGTERM has come, leave the program with status 143.

        Raises:
            FoolingError: the file cannot be written.
        """
        save_arrays(self._path, KIND, {"fingerprint": self._fingerprint, "header": dict(header)}, arrays)
        self._saved = time.monotonic()
        if self._terminated:
            sys.exit(TERMINATED)

    def discard(self) -> None:
        """Delete the checkpoint, once the results are safely written."""
        self._path.unlink(missing_ok=True)
        delete_leftovers(self._path)


def _differences(stored: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield the dotted path of every value that differs."""
    if isinstance(stored, dict) and isinstance(ours, dict):
        for key in sorted({*stored, *ours}):
            yield from _differences(stored.get(key), ours.get(key), f"{path}.{key}" if path else key)
    elif stored != ours:
        yield path
