"""Checkpoints of long work: written by wall-clock interval and on SIGTERM, continued bit for bit."""

import json
import logging
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

import numpy as np

from fooling.artifacts.storage import delete_leftovers, load_arrays, save_arrays, unwritable_told
from fooling.errors import FoolingError

KIND = "checkpoint"
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a program that SIGTERM has ended, as shells count it."""
State = Mapping[str, np.ndarray]
"""Arrays by name."""
_NAMED_DIFFERENCES = 5
_log = logging.getLogger(__name__)


class Resumable(Protocol):
    """Long work that can be interrupted and continued bit for bit."""

    def state(self) -> State:
        """Return all that it takes to continue."""
        ...

    def fits(self, state: State) -> bool:
        """Tell whether this work can go on from `state`, whatever that holds."""
        ...

    def restore(self, state: State) -> None:
        """Continue from a state that fits."""
        ...


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

    def resume(self, work: Resumable) -> bool:
        """Let `work` continue from the state that was saved last; False if there is no checkpoint of this work.

        A checkpoint that is damaged, or of other settings, inputs, code or versions, is set aside with a logged
        sentence that says why, and the work starts anew. The checkpoint that was set aside last is kept. When the
        change is undone, the work continues from it.

        Raises:
            FoolingError: the folder cannot be written.
        """
        state, problem = self._read(self._path, work)
        if state is not None:
            _log.info("Continuing from %s.", self._path)
        else:
            state, _ = self._read(self._stale, work)
            with unwritable_told(self._stale):
                self._set_aside(returning=state is not None)
            if state is not None:
                _log.info("Continuing from %s, which was set aside: it is of this very work.", self._stale)
            elif problem:
                kept = self._stale.name
                _log.warning("%s %s; it is kept as %s, and the work starts anew.", self._path, problem, kept)
        if state is None:
            return False
        work.restore(state)
        return True

    def _read(self, path: Path, work: Resumable) -> tuple[State | None, str]:
        """Return the stored state and, if a file is there but of no use, why."""
        if not path.exists():
            return None, ""
        try:
            header, state = load_arrays(path, KIND)
        except FoolingError:
            return None, "is damaged"
        fingerprint = header.get("fingerprint")
        if not isinstance(fingerprint, dict):
            return None, "is damaged"
        different = list(_differences(fingerprint, self._fingerprint))
        if different:
            more = len(different) - _NAMED_DIFFERENCES
            named = ", ".join(different[:_NAMED_DIFFERENCES]) + (f" and {more} more" if more > 0 else "")
            return None, f"is the checkpoint of other work (undo the change of {named} to continue from it)"
        if not work.fits(state):
            return None, "is damaged"
        return state, ""

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

    def save(self, work: Resumable) -> None:
        """Write the state of `work` in place of the last one; if SIGTERM has come, leave the program with status 143.

        Raises:
            FoolingError: the file cannot be written.
        """
        save_arrays(self._path, KIND, {"fingerprint": self._fingerprint}, work.state())
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
