"""The authors' images as pytorch-ood unpacks them, in a small copy that the tests write."""

import hashlib
import tarfile

import numpy as np
import pytest
from PIL import Image
from pytorch_ood.dataset.img import FoolingImages
from small import save_authors_folder

from fooling.data.authors_folder import list_authors_runs
from fooling.errors import FoolingError

FOLDER = "10-runs-x-1000-cppns"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr("fooling.data.authors_folder.IMAGES", 5)


def test_pytorch_ood_reads_the_same_pixels_in_the_same_order(tmp_path):
    written = save_authors_folder(tmp_path, 5, 8)
    (tmp_path / FOLDER / "run_0/map_gen_5000/fitness.txt").write_text("no image")
    with tarfile.open(tmp_path / FoolingImages.filename, "w:gz") as archive:
        archive.add(tmp_path / FOLDER, FOLDER)

    class Copy(FoolingImages):
        md5hash = hashlib.md5((tmp_path / FoolingImages.filename).read_bytes()).hexdigest()

    theirs = Copy(str(tmp_path))
    ours = list_authors_runs(tmp_path / FOLDER)
    assert [str(path) for run in ours for path in run.paths] == theirs.files
    images = np.concatenate([run.images(8) for run in ours])
    assert len(images) == len(theirs) == 50
    for image, path, (picture, label) in zip(images, theirs.files, theirs, strict=True):
        assert label == -1
        np.testing.assert_array_equal(image, np.moveaxis(np.asarray(picture), -1, 0))
        np.testing.assert_array_equal(image, written[path])


def test_names_made_by_the_authors_code_tell_class_and_confidence(tmp_path):
    written = save_authors_folder(tmp_path, 5, 4)
    runs = list_authors_runs(tmp_path / FOLDER)
    assert [run.number for run in runs] == list(range(10))
    assert runs[3].claims.target.tolist() == [10, 2, 4, 6, 8]  # as the names sort
    np.testing.assert_allclose(runs[3].claims.confidence, [0.453, 0.93, 0.183, 0.273, 0.363])
    for path, image in zip(runs[3].paths, runs[3].images(4), strict=True):
        np.testing.assert_array_equal(image, written[str(path)])


@pytest.mark.parametrize("confidence", ["1", "0", "0.999999881", "9.99999975e-06"])
def test_a_confidence_is_read_as_the_authors_code_writes_it(tmp_path, confidence):
    save_authors_folder(tmp_path, 5, 4, lambda _, row: f"map_5000_{row}_{confidence}.png")
    claims = list_authors_runs(tmp_path / FOLDER)[0].claims
    assert claims.confidence.tolist() == [float(confidence)] * 5


def test_other_names_tell_nothing(tmp_path):
    save_authors_folder(tmp_path, 5, 4, lambda run, row: f"{run}_{row}.png")
    assert [run.claims for run in list_authors_runs(tmp_path / FOLDER)] == [None] * 10


def test_images_of_another_size_are_resized(tmp_path):
    save_authors_folder(tmp_path, 5, 4)
    place = tmp_path / FOLDER / "run_0/map_gen_5000"
    for path in place.iterdir():
        Image.new("L", (12, 12), 77).save(path)
    images = list_authors_runs(tmp_path / FOLDER)[0].images(6)
    assert images.shape == (5, 3, 6, 6)
    assert (images == 77).all()


def rename(name):
    return lambda first: first.rename(first.with_name(name))


def rename_all_of_a_run(first):
    for number, path in enumerate(first.parent.iterdir()):
        path.rename(path.with_name(f"{number}.png"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda first: first.unlink(), r"run_4/map_gen_5000 holds 4 PNGs, not 5; unpack"),
        (lambda first: first.parent.rename(first.parents[1] / "map_gen_50"), "There is no folder .*run_4/map_gen_5000"),
        (rename("a.png"), r"run_4/map_gen_5000/a\.png is not named map_GENERATION_CLASS_CONFIDENCE"),
        (rename_all_of_a_run, "run_4/map_gen_5000 tell no class, but those in .*run_0/map_gen_5000 do"),
        (rename("map_5000_1000_0.5.png"), "does not tell generation 5000, a class from 0 to 999"),
        (rename("map_4000_1_0.5.png"), "does not tell generation 5000"),
        (rename("map_5000_1_1.5.png"), "a confidence up to 1; is this"),
        (rename("map_5000_4_0.2.png"), r"holds two images of class 4, map_5000_4_0\.184\.png and map_5000_4_0\.2\.png"),
    ],
)
def test_a_folder_that_looks_different_is_refused(tmp_path, change, told):
    save_authors_folder(tmp_path, 5, 4)
    change(min((tmp_path / FOLDER / "run_4/map_gen_5000").iterdir()))
    with pytest.raises(FoolingError, match=told):
        list_authors_runs(tmp_path / FOLDER)


def test_the_folder_around_it_is_not_taken_for_it(tmp_path):
    save_authors_folder(tmp_path, 5, 4)
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FoolingError, match=r"There is no folder .*; name the folder 10-runs-x-1000-cppns"):
            list_authors_runs(folder)


def test_an_image_that_cannot_be_read_or_is_not_square_is_told(tmp_path):
    save_authors_folder(tmp_path, 5, 4)
    run = list_authors_runs(tmp_path / FOLDER)[0]
    Image.new("RGB", (5, 4)).save(run.paths[1])
    with pytest.raises(FoolingError, match="has 5 x 4 pixels, but the authors' images are square"):
        run.images(4)
    run.paths[1].write_bytes(b"no image")
    with pytest.raises(FoolingError, match="is not a readable image"):
        run.images(4)
