"""Checkpoints of long work: written by wall-clock interval and on SIGTERM, continued bit for bit."""

import json
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

import numpy as np

from fooling.artifacts.storage import delete_leftovers, load_arrays, save_arrays, unwritable_told
from fooling.errors import FoolingError

KIND = "checkpoint"
Fits = Callable[[Mapping[str, Any], Mapping[str, np.ndarray]], bool]
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a program that SIGTERM has ended, as shells count it."""
Stored = tuple[dict[str, Any], dict[str, np.ndarray]]
"""A header and arrays by name."""
_NAMED_DIFFERENCES = 5
_log = logging.getLogger(__name__)


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
        self._stale = path.with_name(f"{path.stem}.stale.npz")
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

    def load(self, fits: Fits = lambda _header, _arrays: True) -> Stored | None:
        """Return the header and the arrays that were saved last; None if there is no checkpoint of this very work.

        One that is damaged, or of other settings, inputs, code or versions, is set aside with a logged sentence that
        says why, so that the work starts anew. The one set aside last is kept; once the change is undone, it returns.

        Args:
            fits: tells whether this work can go on from a header and arrays, whatever they hold.

        Raises:
            FoolingError: the folder cannot be written.
        """
        stored, problem = self._read(self._path, fits)
        if stored is not None:
            _log.info("Continuing from %s.", self._path)
            return stored
        stored, _ = self._read(self._stale, fits)
        with unwritable_told(self._stale):
            self._set_aside(returning=stored is not None)
        if stored is not None:
            _log.info("Continuing from %s, which was set aside: it is of this very work.", self._stale)
        elif problem:
            _log.warning("%s %s; it is kept as %s, and the work starts anew.", self._path, problem, self._stale.name)
        return stored

    def _read(self, path: Path, fits: Fits) -> tuple[Stored | None, str]:
        """Return what is stored and, if it is there but of no use, why."""
        if not path.exists():
            return None, ""
        try:
            stored, arrays = load_arrays(path, KIND)
        except FoolingError:
            return None, "is damaged"
        header, fingerprint = stored.get("header"), stored.get("fingerprint")
        if not isinstance(header, dict) or not isinstance(fingerprint, dict):
            return None, "is damaged"
        different = list(_differences(fingerprint, self._fingerprint))
        if different:
            more = len(different) - _NAMED_DIFFERENCES
            named = ", ".join(different[:_NAMED_DIFFERENCES]) + (f" and {more} more" if more > 0 else "")
            return None, f"is the checkpoint of other work (undo the change of {named} to continue from it)"
        if not fits(header, arrays):
            return None, "is damaged"
        return (header, arrays), ""

    def _set_aside(self, *, returning: bool) -> None:
        """Put the checkpoint, if there is one, in place of the one set aside before, or let the two change places."""
        spare = self._stale.with_suffix(".spare")
        if returning:
            self._stale.replace(spare)
        if self._path.exists():
            self._path.replace(self._stale)
        if returning:
            spare.replace(self._path)

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
