"""Files of class names as editors of all systems write them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from fooling.settings.class_labels import read_labels
from fooling.settings.config import load_config

PLAIN = ["rose", "tulip", "daisy"]
TEXTS: dict[str, tuple[bytes, list[str] | str]] = {
    "UTF-8": (b"rose\ntulip\ndaisy\n", PLAIN),
    "no line end at the end": (b"rose\ntulip\ndaisy", PLAIN),
    "three line ends at the end": (b"rose\ntulip\ndaisy\n\n \n", PLAIN),
    "line ends of Windows": (b"rose\r\ntulip\r\ndaisy\r\n", PLAIN),
    "line ends of the old Mac": (b"rose\rtulip\rdaisy\r", PLAIN),
    "a byte-order mark": (b"\xef\xbb\xbfrose\ntulip\ndaisy\n", PLAIN),
    "space and tabs around names": (b" rose\t\n\ttulip\ndaisy  \n", PLAIN),
    "a tab in a name": (b"0\trose\n1\ttulip\n2\tdaisy\n", ["0\trose", "1\ttulip", "2\tdaisy"]),
    "a name twice": (b"rose\nrose\ndaisy\n", ["rose", "rose", "daisy"]),
    "marks of TeX, HTML, Python and Markdown": (
        b"$x^2$ \\alpha\n<b>&amp;{0}</b>\n100 %s `_*\n",
        ["$x^2$ \\alpha", "<b>&amp;{0}</b>", "100 %s `_*"],
    ),
    "Chinese, Hebrew, an emoji": (
        "\u864e\n\u05e9\u05dc\u05d5\u05dd\n\U0001f339\n".encode(),
        ["\u864e", "\u05e9\u05dc\u05d5\u05dd", "\U0001f339"],
    ),
    "a line separator of Unicode inside a name": (
        "ro\u2028se\ntulip\ndaisy\n".encode(),
        ["ro\u2028se", "tulip", "daisy"],
    ),
    "80 letters": (b"r" * 80 + b"\ntulip\ndaisy\n", ["r" * 80, "tulip", "daisy"]),
    "Latin-1": (
        "rose\nros\u00e9\ndaisy\n".encode("latin1"),
        "is not UTF-8 on line 2, perhaps Latin-1; save it as UTF-8",
    ),
    "UTF-16 of Windows": ("rose\ntulip\ndaisy\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "UTF-16, big-endian": (b"\xfe\xff" + "rose\n".encode("utf-16-be"), "is UTF-16; save it as UTF-8"),
    "a blank name": (b"rose\n\ndaisy\n", "has no name on line 2; write one, or delete the line"),
    "a name of spaces": (b"rose\n   \ndaisy\n", "has no name on line 2; write one, or delete the line"),
    "a byte 0": (b"rose\nt\0lip\ndaisy\n", "has a control character on line 2"),
    "the colours of a terminal": (b"\x1b[31mrose\ntulip\ndaisy\n", "has a control character on line 1"),
    "empty": (b"", "has no name on line 1"),
    "a name too few": (b"rose\ntulip\n", "names 2 classes, but the network has 3"),
    "a name too many": (b"rose\ntulip\ndaisy\nbackground\n", "names 4 classes, but the network has 3"),
    "JSON": (b'{"0": "rose", "1": "tulip", "2": "daisy"}', "names 1 classes, but the network has 3"),
    "a pickle": (b"\x80\x04\x95\x0c\x00\x00\x00\x8c\x04rose\x94.", "is not UTF-8 on line 1"),
}


def configured(path: str | Path) -> list[str]:
    """Give a configuration a file of names, and return those that the program reads."""
    own = {"architecture": "lenet", "dataset": "flowers", "classes": 3, "image_size": 28, "weights": __file__}
    load_config({"pretrained": {"own": {**own, "labels": str(path)}}}, "The configuration has mistakes")

    return read_labels(Path(path))


def see(content: bytes, folder: Path) -> str:
    (folder / "names.txt").write_bytes(content)
    return f"read: {', '.join(map(repr, configured(folder / 'names.txt')))}"


def folder_in_its_place(folder: Path) -> str:
    (folder / "names.txt").mkdir()
    return str(configured(folder / "names.txt"))


CASES: dict[str, Callable[[Path], str]] = {
    **{f"labels: {name}": partial(see, content) for name, (content, _) in TEXTS.items()},
    "labels: a folder": folder_in_its_place,
    "labels: a relative path that leads nowhere": lambda _: str(configured("no-such-names.txt")),
    "labels: a path with ~": lambda _: str(configured("~/names.txt")),
    "labels: a path with spaces": lambda folder: str(configured(folder / "my names.txt")),
}
