import contextlib
import hashlib
import io
import json

import numpy as np
import pytest
from PIL import Image

from fooling.data.cifar_sheets import CifarSheets, Sheet, binary
from fooling.data.sources import RawFile, SourceError

RNG = np.random.default_rng(7)
IMAGES = RNG.integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
LABELS = [0] * 10_000 + [3, 8, 9, 1]


def png(images: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(images.reshape(len(images), 1024, 3)).save(content, "png")
    return content.getvalue()


def raw(name: str, content: bytes) -> RawFile:
    return RawFile(name, len(content), hashlib.sha256(content).hexdigest())


CONTENTS = {"sheet.png": png(IMAGES), "labels.json": json.dumps(LABELS).encode()}
WANTED = RawFile("batch.bin", 4 * 3073, "")


class Fake:
    """A source that holds what it is given."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self._contents = contents

    def __str__(self) -> str:
        return "fake source"

    @contextlib.contextmanager
    def open(self):
        yield lambda file: self._contents[file.name]


def sheets(contents: dict[str, bytes]) -> CifarSheets:
    images, labels = (raw(name, CONTENTS[name]) for name in ("sheet.png", "labels.json"))
    return CifarSheets(Fake(contents), {"batch.bin": Sheet(images, labels, first=10_000)})


def test_sheet_becomes_the_bytes_of_the_binary_version():
    with sheets(CONTENTS).open() as read:
        content = read(WANTED)
    by_hand = b""
    for image, label in zip(IMAGES, LABELS[10_000:], strict=True):
        by_hand += bytes([label])
        for channel in range(3):
            by_hand += bytes(int(image[row, column, channel]) for row in range(32) for column in range(32))
    assert content == by_hand
    assert binary(IMAGES.reshape(4, 1024, 3), LABELS[10_000:]) == by_hand
    assert str(sheets(CONTENTS)) == "fake source"


@pytest.mark.parametrize("name", ["sheet.png", "labels.json"])
def test_what_is_not_as_expected_is_never_decoded(name):
    damaged = CONTENTS | {name: CONTENTS[name][:-1] + b"!"}
    with sheets(damaged).open() as read, pytest.raises(SourceError, match=f"{name}: the sha256 is wrong"):
        read(WANTED)
