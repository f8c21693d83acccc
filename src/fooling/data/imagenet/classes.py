"""The 1000 classes of ILSVRC-2012: names, WordNet ids, and who is a kind of what.

`classes.csv` beside this file has a row for each class: its number, its WordNet 3.0 id, torchvision's name for
it, and its hypernyms from the root down (of several, WordNet's first).
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from fooling.errors import FoolingError

_TABLE = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class ImagenetClass:
    """One class.

    Attributes:
        number: 0-999, in the order of WordNet ids, as all ImageNet networks count.
        wordnet_id: such as n01440764.
        name: such as tench.
        hypernyms: what it is a kind of, from the most general to the closest.
    """

    number: int
    wordnet_id: str
    name: str
    hypernyms: tuple[str, ...]


@functools.cache
def imagenet_classes() -> tuple[ImagenetClass, ...]:
    """Return the 1000 classes in their order."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(
            ImagenetClass(int(row["class"]), row["wordnet_id"], row["name"], tuple(row["hypernyms"].split(" > ")))
            for row in csv.DictReader(table)
        )


def kinds_of(hypernym: str) -> list[int]:
    """Return the numbers of the classes that are kinds of `hypernym`, such as `dog`.

    Raises:
        FoolingError: no class is.
    """
    numbers = [kind.number for kind in imagenet_classes() if hypernym in kind.hypernyms]
    if not numbers:
        raise FoolingError(f"No class of ImageNet is a kind of {hypernym!r}; name a WordNet noun such as 'dog'.")
    return numbers
