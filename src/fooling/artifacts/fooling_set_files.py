"""Many fooling sets of which one is in memory at a time; a set of ImageNet takes 200 MB."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set


class FoolingSetFiles(Mapping[str, FoolingSet]):
    """Fooling sets by their path, in the given order; each is read anew whenever it is asked for.

    Args:
        paths: of the files; a mistake in one shows when it is read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = {str(path): path for path in paths}

    def __getitem__(self, name: str) -> FoolingSet:
        return load_fooling_set(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
