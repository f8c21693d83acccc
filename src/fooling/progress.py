"""Progress of long work: a bar on a terminal, a plain line now and then in a log file."""

import logging
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tqdm import tqdm

log = logging.getLogger(__name__)


class Progress:
    """A context manager that is told how far the work is.

    Args:
        title: what is being done.
        total: units of work in all.
        unit: what one unit is, in the singular.
        seconds: wall-clock seconds between two lines.
    """

    def __init__(self, title: str, total: int, unit: str, seconds: float = 20.0) -> None:
        self._title = title
        self._total = total
        self._unit = unit
        self._seconds = seconds
        self._began: float | None = None
        self._first = self._first_images = 0
        self._next_line = time.monotonic() + seconds
        self._bar = tqdm(total=total, desc=title, unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.close()

    def update(self, done: int, images: int, status: Callable[[], str]) -> None:
        """Tell how far the work is.

        Args:
            done: units that are complete.
            images: images that have passed through the network.
            status: asked for a few words only when they are shown.
        """
        now = time.monotonic()
        if self._began is None:  # resumed work counts from where it went on
            self._began, self._first, self._first_images = now, done, images
        if now < self._next_line and done < self._total:
            return
        self._next_line = now + (self._seconds if self._bar.disable else 0.2)
        seconds = max(now - self._began, 1e-9)
        words = f"{status()}, {(images - self._first_images) / seconds:.0f} images/s"
        if self._bar.disable:
            rate = (done - self._first) / seconds
            left = f", {_duration((self._total - done) / rate)} left" if rate > 0 and done < self._total else ""
            log.info("%s: %s %d of %d, %s%s", self._title, self._unit, done, self._total, words, left)
        else:
            self._bar.set_postfix_str(words, refresh=False)
            self._bar.update(done - self._bar.n)


def _duration(seconds: float) -> str:
    minutes, whole = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {whole:02d} s" if minutes else f"{whole} s"
