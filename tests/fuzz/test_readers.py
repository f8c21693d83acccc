"""Damaged files of every kind: each is read or refused in a sentence, soon, and without filling the memory.

`pytest tests/fuzz --inputs 100000` for a long run. An input depends only on its reader and its number.
"""

import contextlib
import math
import random
import resource
import signal
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from readers import READERS, Reader

from fooling.data.sources import SourceError
from fooling.errors import FoolingError

SECONDS = 20
"""Within which a file is read or refused; far more than any takes, since other programs may run beside."""
MEGABYTES = 400
"""By which the memory may grow while the files of a kind are read."""


class Hang(BaseException):
    """Reading takes too long. No Exception, so that no reader takes it for damage."""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    def interrupt(_number: int, _frame: object) -> None:
        raise Hang(f"not done after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def peak() -> int:
    """Most memory that this process has taken so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def valid_files(reader: Reader, folder: Path) -> list[bytes]:
    folder.mkdir()
    reader.write(folder)
    return [path.read_bytes() for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("name", READERS)
def test_valid_files_are_read(name: str, tmp_path: Path) -> None:
    for content in valid_files(READERS[name], tmp_path / "valid"):
        (tmp_path / READERS[name].file).write_bytes(content)
        READERS[name].read(tmp_path / READERS[name].file)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused_in_a_sentence(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    reader, path = READERS[name], tmp_path / READERS[name].file
    seeds = valid_files(reader, tmp_path / "valid")
    share = reader.share / sum(reader.share for reader in READERS.values())
    inputs, refused, crashes, before = math.ceil(share * request.config.getoption("--inputs")), 0, {}, peak()
    for number in range(inputs):
        path.write_bytes(reader.damage(random.Random(f"{name} {number}"), seeds))
        memory = peak()
        try:
            with limited(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reader.read(path)
        except (FoolingError, SourceError):
            refused += 1
        except (Exception, Hang) as error:  # noqa: BLE001
            frames = traceback.extract_tb(error.__traceback__)
            ours = [frame for frame in frames if "/fooling/" in frame.filename] or frames
            crashes.setdefault((type(error).__name__, ours[-1].filename, ours[-1].lineno), (number, str(error)[:200]))
        if peak() - memory > MEGABYTES / 4:
            crashes.setdefault(("memory", name, 0), (number, f"grows by {peak() - memory} MB"))
    request.node.user_properties += [("inputs", inputs), ("refused", refused), ("crashes", len(crashes))]
    told = [
        f"number {number}: {kind}: {text} ({file}:{line})" for (kind, file, line), (number, text) in crashes.items()
    ]
    assert not crashes, "\n".join(told)
    assert peak() - before <= MEGABYTES
