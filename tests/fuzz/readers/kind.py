"""A kind of file, how valid ones are made and how they are read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mutations import Mutate


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Attributes:
        file: name of the file.
        write: makes valid files in an empty folder; of all of them damaged ones are made.
        read: reads one, and uses what it has read as the program does.
        damage: how a valid file becomes a wrong one.
        share: of the inputs; less where reading is slow.
    """

    file: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]
    damage: Mutate
    share: float = 1.0
