"""The names that a network's owner gives its classes: a text file with a name on each line."""

import codecs
import re
import unicodedata
from pathlib import Path

from fooling.errors import FoolingError
from fooling.settings.base import is_file, no_such_file

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_labels(path: Path) -> list[str]:
    """Return the names of a file in UTF-8, with or without a byte-order mark, and with line ends of any system.

    Space around a name, and empty lines at the end, do not count.

    Raises:
        FoolingError: the file cannot be read, is no such text, or lacks a name.
    """
    if not is_file(path):
        raise FoolingError(no_such_file(path))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FoolingError(f"{path} cannot be read ({error.strerror})") from error
    names = [name.strip() for name in re.split("\r\n|\r|\n", _text(path, content).rstrip())]
    for number, name in enumerate(names, 1):
        if not name:
            raise FoolingError(f"{path} has no name on line {number}; write one, or delete the line")
        if any(unicodedata.category(letter) == "Cc" and letter != "\t" for letter in name):
            raise FoolingError(f"{path} has a control character on line {number} ({name!r}); delete it")
    return names


def _text(path: Path, content: bytes) -> str:
    if content.startswith(_UTF_16):
        raise FoolingError(f"{path} is UTF-16; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FoolingError(f"{path} is not UTF-8 on line {line}, perhaps Latin-1; save it as UTF-8") from error
