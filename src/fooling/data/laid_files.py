"""Files of a data set as a user may have laid them into its folder: compressed, plain, or in their authors' archive."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fooling.data.sources import (
    RawFile,
    Read,
    SourceError,
    UnreachableError,
    archive_member,
    decompress,
    opened_archive,
)


@dataclass(frozen=True)
class LaidFiles:
    """A folder with the files, each compressed (`NAME.gz`) or, in another order than they are kept in, as it is.

    Attributes:
        folder: where they lie.
    """

    folder: Path

    def __str__(self) -> str:
        return f"the files in {self.folder}"

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        yield self._read

    def _read(self, file: RawFile) -> bytes:
        limit = file.size + file.size // 100 + 4096  # what does not compress grows a little
        plain, packed = self.folder / file.name, self.folder / f"{file.name}.gz"
        path = plain if plain.is_file() and not packed.is_file() else packed
        try:
            with path.open("rb") as laid:
                content = laid.read(limit)
        except OSError as error:
            raise SourceError(f"{path.name} cannot be read ({error.strerror})") from error
        return decompress(content, file.size) if path == packed else content


@dataclass(frozen=True)
class LaidArchive:
    """A tar archive in gzip.

    Attributes:
        path: of the archive.
        folder: the files' folder in it.
    """

    path: Path
    folder: str

    def __str__(self) -> str:
        return str(self.path)

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        try:
            content = self.path.open("rb")
        except OSError as error:
            raise UnreachableError(f"cannot be read ({error.strerror})") from error
        with content, opened_archive(content) as archive:
            yield lambda file: archive_member(archive, self.folder, file)
