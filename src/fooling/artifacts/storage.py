"""Files that are whole or absent: arrays and their description, written beside and renamed.

Every artifact of the project (network, fooling set, history, archive, checkpoint) is a NumPy
``.npz`` archive without pickled objects, so that reading one never executes code. Its bytes
depend only on its content.
"""

import contextlib
import csv
import errno
import fcntl
import glob
import gzip
import json
import math
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np

from fooling.errors import FoolingError

HEADER = "header.json"
"""Name of the entry that says what kind of file this is; a JSON text as uint8."""
PACKED = ".gz"
"""Suffix of an artifact that was packed to be sent to others; it is read like any other."""
LARGEST_UNPACKED = 100_000_000
"""Bytes of a packed artifact, unpacked; more would not be worth packing, and may be meant to fill the memory."""


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` if the block succeeds.

    Whatever goes wrong, nothing half-written is left under the final name; what a killed writer left under a
    temporary one is deleted by the next.

    Raises:
        FoolingError: the folder cannot be written or the disk is full.
    """
    temporary: Path | None = None
    handle = -1
    try:
        with unwritable_told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            delete_leftovers(path)
            handle, temporary = _locked_temporary(path)
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            os.close(handle)


@contextlib.contextmanager
def unwritable_told(path: Path) -> Iterator[None]:
    """Turn the system's reasons for not writing `path` into a `FoolingError` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _UNWRITABLE:
            raise FoolingError(f"Cannot write {path}: {_UNWRITABLE[error.errno]}.") from error
        raise


def delete_leftovers(path: Path) -> None:
    """Delete the temporary files that killed writers of `path` left beside it; those of living ones are locked."""
    for leftover in path.parent.glob(f".{glob.escape(path.stem)}-{'[a-z0-9_]' * 8}{glob.escape(path.suffix)}"):
        # A file that is gone, another user's, or on a file system without locks is left alone.
        with contextlib.suppress(OSError), leftover.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink()


def _locked_temporary(path: Path) -> tuple[int, Path]:
    """Create a temporary file beside `path`; return its open handle, which locks it, and its path."""
    while True:
        # Keep the suffix: matplotlib and pandas choose the format by it.
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)  # taken for a leftover before it was locked


_UNWRITABLE = {
    errno.ENOSPC: "no space is left on the disk; free some and run the same command again",
    errno.EDQUOT: "your disk quota is used up; free some space and run the same command again",
    errno.EROFS: "the file system is read-only; choose another results folder",
    errno.EACCES: "you have no permission to write there; choose another folder or change its mode",
    errno.EPERM: "you have no permission to write there; choose another folder or change its mode",
    errno.ENOENT: "its folder cannot be made; choose another one",
    errno.EEXIST: "a part of its path is a file, not a folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EISDIR: "a folder is in its place; move it away",
    errno.EFBIG: "the file would be larger than this system allows; raise the limit",
}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def save_arrays(path: Path, kind: str, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write `arrays` and a JSON-able `header` to `path` as an artifact of the given `kind`.

    Raises:
        FoolingError: the file cannot be written.
    """
    text = json.dumps({"kind": kind, **header}, indent=1, sort_keys=True)
    entries = {HEADER: np.frombuffer(text.encode(), dtype=np.uint8), **arrays}
    with written_whole(path) as temporary, temporary.open("wb") as file:
        _write_archive(file, entries)


def _write_archive(file: IO[bytes], entries: Mapping[str, np.ndarray]) -> None:
    # Not compressed: pixels and genes hardly shrink, and checkpoints are in a hurry.
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in entries.items():
            # A ZipInfo made by hand carries a fixed date, hence equal bytes for equal content.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asarray(array, order="C"), allow_pickle=False)


def load_arrays(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read an artifact of the given `kind`: its header and its arrays by name.

    Raises:
        FoolingError: the file is missing, damaged, or of another kind.
    """
    try:
        with open_zip(path) as archive:
            arrays = {entry.filename.removesuffix(".npy"): _read_array(archive, entry) for entry in archive.infolist()}
        header = json.loads(arrays.pop(HEADER).tobytes().decode())
        found = header.pop("kind")
    except FileNotFoundError as error:
        raise FoolingError(f"There is no {kind} at {path}.") from error
    except Exception as error:  # zipfile, zlib and numpy raise a dozen kinds on damaged bytes
        raise FoolingError(
            f"{path} is not a readable {kind} ({type(error).__name__}: {error}); delete it and make it again."
        ) from error
    if found != kind:
        raise FoolingError(f"{path} holds a {found}, but a {kind} is needed here.")
    return header, arrays


def read_kind(path: Path) -> str:
    """Return the kind of an artifact.

    Raises:
        FoolingError: the file is missing or damaged.
    """
    try:
        with open_zip(path) as archive:
            return str(json.loads(_read_array(archive, archive.getinfo(f"{HEADER}.npy")).tobytes().decode())["kind"])
    except Exception as error:  # as in `load_arrays`
        raise FoolingError(f"{path} is not readable ({type(error).__name__}: {error}); make it again.") from error


def pack(path: Path, packed: Path) -> None:
    """Write an artifact packed by gzip, for others; equal content gives equal bytes.

    Args:
        path: of the artifact.
        packed: the file to write; its name ends in `PACKED`.

    Raises:
        FoolingError: it cannot be written.
    """
    save_with(packed, lambda temporary: temporary.write_bytes(gzip.compress(path.read_bytes(), mtime=0)))


@contextlib.contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive whose content takes no more room than the archive itself, since nothing in it is compressed.

    The archive as a whole may be packed.

    Raises:
        ValueError: it would take more; or see `zipfile.ZipFile`.
    """
    with _unpacked(path) as file, zipfile.ZipFile(file) as archive:
        size = file.seek(0, os.SEEK_END)
        entries = archive.infolist()
        if any(entry.compress_type or entry.file_size != entry.compress_size for entry in entries):
            raise ValueError("it is compressed")
        if sum(entry.file_size for entry in entries) > size:
            raise ValueError("its parts are larger than the whole")
        yield archive


def _unpacked(path: Path) -> IO[bytes]:
    if path.suffix != PACKED:
        return path.open("rb")
    with gzip.open(path) as file:
        content = file.read(LARGEST_UNPACKED + 1)
    if len(content) > LARGEST_UNPACKED:
        raise ValueError(f"it is larger than {LARGEST_UNPACKED} bytes")
    return BytesIO(content)


def _read_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    """Read an array of numbers, once it is sure that it is as large as its head states."""
    with archive.open(entry) as file:
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        is_number = dtype.kind in "biuf" and dtype.isnative
        if not is_number or entry.file_size - file.tell() != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{entry.filename} does not hold the numbers that its head states")
    with archive.open(entry) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def save_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` (a table's or a figure's own method) write `path`, whole or not at all."""
    with written_whole(path) as temporary:
        write(temporary)


def save_table(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Write columns of equal length as CSV.

    With the standard library, since importing pandas would cost each compute step a second.
    """

    def write(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))

    save_with(path, write)
