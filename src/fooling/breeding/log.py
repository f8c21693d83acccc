"""The log of a breeding session: one JSON object a line, appended at every choice.

The first line says how the session began; each further one is what the breeder did. The genomes themselves are not in
it, but short digests of those that were chosen, by which a replay tells whether it sees the same ones.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from fooling.errors import FoolingError
from fooling.settings.base import Seed, Settings, sentences
from fooling.settings.breeding import BreedingSettings, Label, Strength

LONGEST_LINE = 4000
"""Characters; the longest that a session writes is about a thousand."""
MOST_LINES = 10_000

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Position = Annotated[int, Field(ge=0, lt=100)]
Parents = Annotated[list[Position], Field(max_length=99)]


class Begin(Settings):
    """How a session begins."""

    event: Literal["begin"] = "begin"
    format: Literal[1] = 1
    """Of this file."""
    seed: Seed
    """Of all random numbers."""
    network: Annotated[str, Field(max_length=100)]
    """Name of the network whose labels the breeder saw; pictures do not depend on it."""
    settings: BreedingSettings = BreedingSettings()
    """Of the session."""


class Choose(Settings):
    """The breeder chose parents, and the next generation is shown."""

    event: Literal["choose"] = "choose"
    parents: Parents
    """Positions in the generation that was shown; without any, the next generation is random."""
    strength: Strength
    """Of the mutation."""
    genomes: Digest
    """Of the parents."""


class Undo(Settings):
    """The breeder went back by one generation."""

    event: Literal["undo"] = "undo"


class Publish(Settings):
    """The breeder found that a picture shows something."""

    event: Literal["publish"] = "publish"
    image: Position
    """Position in the generation that is shown."""
    label: Label
    """What it shows, in the breeder's words."""
    genomes: Digest
    """Of the picture."""


Act = Choose | Undo | Publish
Event = TypeVar("Event")
_ACT: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="event")])
_BEGIN: TypeAdapter[Begin] = TypeAdapter(Begin)


def read_log(path: Path) -> tuple[Begin, list[Act]]:
    """Read a log.

    Raises:
        FoolingError: the file is missing or one of its lines is not what a session writes.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise FoolingError(f"There is no breeding log at {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FoolingError(f"{path} is not a readable breeding log ({error}).") from error
    lines = text.split("\n")
    if lines.pop():
        raise FoolingError(f"{path}, line {len(lines) + 1}: it is cut off; delete it, and the session ends before it.")
    if not lines or len(lines) > MOST_LINES:
        raise FoolingError(f"{path} is no breeding log: it has {len(lines)} lines, not 1 to {MOST_LINES}.")
    begin = _parsed(_BEGIN, lines[0], f"{path}, line 1")
    return begin, [_parsed(_ACT, line, f"{path}, line {number}") for number, line in enumerate(lines[1:], 2)]


def _parsed(adapter: TypeAdapter[Event], line: str, where: str) -> Event:
    if len(line) > LONGEST_LINE:
        raise FoolingError(f"{where}: it is longer than any line that a session writes; the log was damaged or edited.")
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        raise FoolingError(f"{where} is not what a session writes: {sentences(error)[0]}") from error


class LogFile:
    """A log that a session appends to; a context manager, since no two sessions may at once.

    Args:
        path: of the log; a new one is made with its first line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise FoolingError(f"Another session has {self._path} open; end it or name another log.") from error
        except OSError as error:
            raise FoolingError(f"Cannot write {self._path} ({error.strerror}); name another log.") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def is_new(self) -> bool:
        """Whether the log has no line yet."""
        return os.fstat(self._file.fileno()).st_size == 0

    def append(self, event: Begin | Act) -> None:
        """Write one line, down to the disk.

        Raises:
            FoolingError: it cannot be written.
        """
        line = event.model_dump_json().encode() + b"\n"
        end = os.fstat(self._file.fileno()).st_size
        try:
            with os.fdopen(os.dup(self._file.fileno()), "ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            os.ftruncate(self._file.fileno(), end)
            raise FoolingError(f"Cannot write {self._path} ({error.strerror}); the choice is not kept.") from error
