"""A compressed archive whose bytes depend on its files alone."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from fooling.artifacts.storage import written_whole

EPOCH = 0
"""Modification time of every file, in seconds since 1970."""


def write_archive(path: Path, folder: str, files: Mapping[str, bytes]) -> None:
    """Write a `.tar.gz` of `files`, below one `folder`, sorted by their path; owners, modes and times are fixed.

    Raises:
        FoolingError: it cannot be written.
    """
    with (
        written_whole(path) as temporary,
        temporary.open("wb") as raw,
        # Neither its own name nor the time goes into the header.
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=EPOCH) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mode, entry.mtime = len(files[name]), 0o644, EPOCH
            archive.addfile(entry, io.BytesIO(files[name]))
