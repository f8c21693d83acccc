"""What counts as a class and what as an image in a user's folder: the one place that decides.

Only folders are classes, and only regular files with an image's suffix are images. Symbolic links count as what they
lead to. What begins with a dot is nobody's: `.DS_Store`, and the `._NAME.JPEG` that macOS leaves beside a file. So is
`__MACOSX`, and any other file. Nothing is opened.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from fooling.errors import FoolingError

SUFFIXES = (".jpeg", ".jpg", ".png")
_NO_CLASS = "__MACOSX"
"""What macOS adds to an archive."""


@contextlib.contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn the system's reasons for not listing a part of `folder` into a `FoolingError` that names it."""
    try:
        yield
    except OSError as error:
        raise FoolingError(
            f"{folder} cannot be read ({error.strerror}: {error.filename}); correct that first."
        ) from error


def subfolders(folder: Path) -> list[str]:
    """Return the names of the folders of classes in a folder, sorted.

    Raises:
        FoolingError: a link leads nowhere, or a name is no text.
        OSError: the folder cannot be read.
    """
    with os.scandir(folder) as entries:
        return sorted(
            _text(entry) for entry in entries if entry.name != _NO_CLASS and _counts(entry) and entry.is_dir()
        )


def unsorted_images(folder: Path) -> list[str]:
    """Return the names of the images that lie in a folder itself, sorted.

    Raises:
        FoolingError: a link leads nowhere, or a name is no text.
        OSError: the folder cannot be read.
    """
    with os.scandir(folder) as entries:
        return sorted(
            _text(entry)
            for entry in entries
            if entry.name.lower().endswith(SUFFIXES) and _counts(entry) and entry.is_file()
        )


def image_names(folder: Path) -> list[str]:
    """Return the names of the images of a class, sorted.

    Raises:
        FoolingError: there is none, a link leads nowhere, or a name is no text.
        OSError: the folder cannot be read.
    """
    names = unsorted_images(folder)
    if not names:
        raise FoolingError(f"{folder} holds no image; copy those that are missing.")
    return names


def _counts(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_symlink() and not Path(entry.path).exists():
        raise FoolingError(f"{entry.path} is a link to something that is not there; copy that, or delete the link.")
    return True


def _text(entry: os.DirEntry[str]) -> str:
    """Return a name; tables and messages are UTF-8, and a name of other bytes could not be written there."""
    if not entry.name.isascii():
        try:
            entry.name.encode()
        except UnicodeEncodeError as error:
            raise FoolingError(f"The name {os.fsencode(entry.path)!r} is not UTF-8; rename the file.") from error
    return entry.name
