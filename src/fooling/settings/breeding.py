"""Settings of breeding pictures by hand, as on Picbreeder (paper, Figure 3)."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from fooling.settings.base import Settings, UserPath, is_file
from fooling.settings.runs import NetworkId

Strength = Literal["fine", "usual", "bold"]
Label = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$")
]
"""What a breeder sees in a picture: one line of text."""


class BreedingSettings(Settings):
    """What a session begins with; it is written into the log, which replays without any other settings."""

    population: Annotated[int, Field(ge=2, le=100)] = 20
    """Pictures of a generation."""
    first_mutations: Annotated[int, Field(ge=0, le=100)] = 10
    """How often random genomes are mutated before they are shown; without, they have no hidden node."""
    coordinates: Literal["unit", "pixels"] = "unit"
    """x and y in [-1, 1], so that a picture is the same at every size, or as pixel indices (the authors' code)."""
    colour: Literal["hsv", "hls"] = "hsv"
    """Colour space of the three outputs."""


def _are_files(logs: list[str]) -> list[str]:
    for log in logs:
        if not is_file(Path(log)):
            raise ValueError(f"there is no file {log}")
    stem, times = Counter(Path(log).stem for log in logs).most_common(1)[0]
    if times > 1:
        raise ValueError(f"two logs are called {stem}; pictures are named after their log, so rename one")
    return logs


class BreedingRuns(Settings):
    """Which logs are replayed, and who judges the pictures."""

    network: NetworkId
    """Name of the network whose labels are shown."""
    logs: Annotated[list[UserPath], Field(min_length=1), AfterValidator(_are_files)]
    """Logs of `python -m fooling.breed`."""
