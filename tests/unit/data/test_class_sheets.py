import hashlib
import io
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fooling.data.class_sheets import ClassSheets, check_sheets
from fooling.data.fetch import Manifest, fetch
from fooling.data.record_order import RECORD, file_in_order
from fooling.data.sources import RawFile, SourceError
from fooling.errors import FoolingError
from fooling.settings.cifar100_classes import CLASSES, SUPERCLASS_OF

PER_CLASS = {"train": 2, "test": 1}


def picture(part: str, number: int, place: int) -> np.ndarray:
    """Return noise, another one for each image, uint8 (32, 32, 3)."""
    return np.random.default_rng([len(part), number, place]).integers(0, 256, (32, 32, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sheets with few images of each of the hundred classes."""
    folder = tmp_path_factory.mktemp("sheets")
    for part, images in PER_CLASS.items():
        (folder / part).mkdir()
        for number, name in enumerate(CLASSES):
            sheet = np.concatenate([picture(part, number, place) for place in range(images)])
            Image.fromarray(sheet).save(folder / part / f"{name}.webp", lossless=True)
    return folder


@pytest.fixture
def sheets(whole: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(whole, tmp_path / "sheets"))


def authors_file(part: str) -> bytes:
    """Return the same images as the authors' archive has them: shuffled, superclass and class before each."""
    records = []
    for number in range(100):
        for place in range(PER_CLASS[part]):
            planes = picture(part, number, place).transpose(2, 0, 1)
            records.append(bytes([SUPERCLASS_OF[number], number]) + planes.tobytes())
    return b"".join(records[row] for row in np.random.default_rng(9).permutation(len(records)))


def raw_file(part: str) -> RawFile:
    content = file_in_order(authors_file(part))
    return RawFile(f"{part}.bin", 100 * PER_CLASS[part] * RECORD, hashlib.sha256(content).hexdigest())


def manifest(*sources) -> Manifest:
    files = (raw_file("train"), raw_file("test"))
    archive = ("toy.tar.gz", "toy-binary")
    return Manifest("toy", files, "made for this test", lambda: sources, archive, arrange=file_in_order)


def authors_archive(train: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in (("train.bin", train), ("test.bin", authors_file("test"))):
            member = tarfile.TarInfo(f"toy-binary/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def test_sheets_the_authors_files_and_their_archive_become_the_same_bytes(whole, tmp_path):
    fetch(manifest(ClassSheets(whole)), tmp_path / "from sheets")
    (tmp_path / "laid").mkdir()
    for part in PER_CLASS:
        (tmp_path / "laid" / f"{part}.bin").write_bytes(authors_file(part))
    fetch(manifest(), tmp_path / "laid")
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "toy.tar.gz").write_bytes(authors_archive(authors_file("train")))
    fetch(manifest(), tmp_path / "packed")
    for part in PER_CLASS:
        made = [(tmp_path / source / f"{part}.bin").read_bytes() for source in ("from sheets", "laid", "packed")]
        assert made[0] == made[1] == made[2] != authors_file(part)


def change(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (lambda train: authors_archive(change(train, 500)), "train.bin: the sha256 is wrong"),
        (lambda train: authors_archive(change(train, 1)), "train.bin: the sha256 is wrong"),
        (lambda train: authors_archive(train[:-1]), "train.bin: got 614,799 bytes instead of 614,800"),
        (lambda train: authors_archive(train[:-RECORD]), "train.bin: got 611,726 bytes instead of 614,800"),
        (lambda train: authors_archive(train)[:200_000], "train.bin: the archive is damaged"),
    ],
    ids=["a pixel", "a label", "a byte short", "an image short", "truncated"],
)
def test_an_altered_archive_is_told_and_its_images_are_not_kept(tmp_path, archive, reason):
    (tmp_path / "toy.tar.gz").write_bytes(archive(authors_file("train")))
    with pytest.raises(FoolingError, match=reason):
        fetch(manifest(), tmp_path)
    assert not (tmp_path / "train.bin").exists()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-200]), "wolf.webp is not a readable image"),
        (lambda path: path.write_text("<html>"), "wolf.webp is not a readable image"),
        (lambda path: Image.new("RGB", (32, 32)).save(path), "wolf.webp does not hold 2 images of 32 x 32 pixels"),
        (lambda path: Image.new("L", (32, 64)).save(path, "PNG"), "wolf.webp does not hold 2 images"),
        (lambda path: Image.new("RGB", (32, 64)).save(path, lossless=True), "train.bin: the sha256 is wrong"),
    ],
    ids=["truncated", "page", "an image short", "grey", "other pixels"],
)
def test_a_bad_sheet_is_told(sheets, tmp_path, damage, reason):
    damage(sheets / "train" / "wolf.webp")
    with pytest.raises(FoolingError, match=reason):
        fetch(manifest(ClassSheets(sheets)), tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["test.bin"]


def test_a_folder_that_lacks_a_class_is_told_before_anything_is_read(sheets, tmp_path):
    check_sheets(sheets)
    (sheets / "test" / "wolf.webp").unlink()
    with pytest.raises(FoolingError, match=r"sheets lacks the class wolf: there is no .*test/wolf\.webp; copy it\."):
        check_sheets(sheets)
    with pytest.raises(FoolingError, match=r"the sheets in .*: .* lacks the class wolf"):
        fetch(manifest(ClassSheets(sheets)), tmp_path / "data")
    with pytest.raises(FoolingError, match=r"There is no folder .*nowhere with sheets of CIFAR-100"):
        check_sheets(tmp_path / "nowhere")
    with pytest.raises(SourceError), ClassSheets(tmp_path / "nowhere").open():
        pass
