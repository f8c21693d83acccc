"""MNIST's and CIFAR-10's files as users lay them into the folder, offline: on a small data set of the same kind."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from fooling.data.fetch import Manifest, fetch
from fooling.data.sources import RawFile

CONTENTS = {"images": bytes(range(256)) * 40, "labels": b"\x07\x03" * 50}
FILES = tuple(RawFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENTS.items())
ARCHIVE = ("toy-binary.tar.gz", "toy-batches-bin")
PACKED = {f"{name}.gz": gzip.compress(data) for name, data in CONTENTS.items()}


def archive(folder: str = ARCHIVE[1]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, data in CONTENTS.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


LAID: dict[str, tuple[Mapping[str, bytes], str]] = {
    "the .gz files": (PACKED, ""),
    "one as it is, one as .gz": ({"images": CONTENTS["images"], "labels.gz": PACKED["labels.gz"]}, ""),
    "a .gz file that lacks": ({"images.gz": PACKED["images.gz"]}, "labels.gz cannot be read (No such file"),
    "a truncated .gz file": ({**PACKED, "images.gz": PACKED["images.gz"][:60]}, "images: got "),
    "a .gz file that is none": ({**PACKED, "images.gz": CONTENTS["images"]}, "images: does not decompress"),
    "a .gz file of other data": (
        {**PACKED, "labels.gz": gzip.compress(CONTENTS["labels"][::-1])},
        "labels: the sha256 is wrong",
    ),
    "a .gz file that unpacks to gigabytes": ({**PACKED, "labels.gz": gzip.compress(bytes(10**7))}, "labels: got 101"),
    "files of another version": ({**CONTENTS, "labels": CONTENTS["labels"][::-1]}, "labels: the sha256 is wrong"),
    "the authors' archive": ({ARCHIVE[0]: archive()}, ""),
    "the archive of another version": ({ARCHIVE[0]: archive("toy-batches-py")}, "the archive does not hold it"),
    "a truncated archive": ({ARCHIVE[0]: archive()[:60]}, "archive"),
    "nothing": ({}, "Give a mirror that you can reach"),
}


def lay(files: Mapping[str, bytes], folder: Path) -> None:
    """Lay files into a folder and fetch without any source."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    fetch(Manifest("toy", FILES, "made for this test", lambda: (), ARCHIVE), folder)


def see(files: Mapping[str, bytes], folder: Path) -> str:
    lay(files, folder)
    return "used: the data set is complete"


CASES: dict[str, Callable[[Path], str]] = {
    f"laid into the folder: {name}": partial(see, files) for name, (files, _) in LAID.items()
}
