"""The archive as others meet it: unpacked, loaded by torchvision, scored again, checked."""

import csv
import hashlib
import json
import tarfile

import numpy as np
import pytest
import torch
from PIL import Image
from pytorch_ood.dataset.img import ImageListDataset
from torchvision.datasets import ImageFolder

from fooling.artifacts.fooling_set import save_fooling_set
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.networks.classifier import load_classifier
from fooling.settings.compute import ComputeSettings
from fooling.steps.release.export_dataset import main

NAME = "fooling-images-t"


def export(folder, fooling_sets, *flags):
    """Run the step in this process."""
    outputs = [f"--archive={folder / NAME}.tar.gz", f"--datasheet={folder}/datasheet.md"]
    outputs += [f"--croissant={folder}/croissant.json", *flags]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["export_dataset", "--fooling-sets", *map(str, fooling_sets), *outputs])
        main()


@pytest.fixture
def run(tmp_path, make_set, network):
    """Write the fooling sets of a run: images with the confidence that a real network has in them, and RGB ones."""
    classifier = load_classifier(network, prepare_device(ComputeSettings()))
    grey = make_set(range(10), [0.5] * 10)
    scores = classifier.log_confidence(torch.from_numpy(grey.images)).numpy()
    grey.log_confidence[:] = scores[np.arange(10), grey.target]
    colour = make_set(
        [207, 999, 7], [0.9, 0.2, 0.7], channels=3, side=16, dataset="imagenet", classes=1000, network="lite0"
    )
    paths = {}
    for place, fooling_set in {"mnist/cppn": grey, "imagenet/cppn": colour}.items():
        paths[tmp_path / "results" / place / "fooling_set.npz"] = fooling_set
    for path, fooling_set in paths.items():
        save_fooling_set(path, fooling_set)
    return paths


@pytest.fixture
def unpacked(tmp_path, run):
    export(tmp_path / "out", run, "--least-confidence", "0")
    with tarfile.open(tmp_path / f"out/{NAME}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / NAME


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def pixels_of(picture):
    pixels = np.asarray(picture)
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


def test_image_folder_reads_exactly_the_pixels(unpacked, run):
    for dataset, fooling_set in zip(("mnist", "imagenet"), run.values(), strict=True):
        folder = ImageFolder(unpacked / f"images/{dataset}/cppn", loader=Image.open)
        assert len(folder) == len(fooling_set)
        expected = dict(zip(fooling_set.target.tolist(), fooling_set.images, strict=True))
        for picture, index in folder:
            label = int(folder.classes[index].split("_")[0])
            np.testing.assert_array_equal(pixels_of(picture), expected[label])
    assert folder.classes == ["007_cock", "207_golden_retriever", "999_toilet_tissue"]


def test_its_ordinary_loader_makes_grey_images_rgb_of_equal_channels(unpacked):
    for picture, _ in ImageFolder(unpacked / "images/mnist/cppn"):
        pixels = np.asarray(picture)
        assert pixels.shape == (28, 28, 3)
        assert np.all(pixels == pixels[:, :, :1])


def test_a_png_gets_the_stored_confidence_again(unpacked, network):
    classifier = load_classifier(network, prepare_device(ComputeSettings()))
    table = [row for row in rows(unpacked / "images.csv") if row["dataset"] == "mnist"]
    images = np.stack([np.asarray(Image.open(unpacked / row["path"]))[None] for row in table])
    scores = classifier.log_confidence(torch.from_numpy(images)).numpy()
    again = scores[np.arange(len(table)), [int(row["label"]) for row in table]]
    np.testing.assert_allclose(again, [float(row["log_confidence"]) for row in table], rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.exp(again), [float(row["confidence"]) for row in table], rtol=1e-6)


def test_lists_name_each_image_with_its_label(unpacked):
    table = {row["path"]: row for row in rows(unpacked / "images.csv")}
    listed = {}
    for path in (unpacked / "lists").iterdir():
        for line in path.read_text().splitlines():
            image, label = line.split(" ")
            assert table[image]["dataset"] == path.stem
            listed[image] = label
    assert listed == {path: row["label"] for path, row in table.items()}
    assert {str(path.relative_to(unpacked)) for path in unpacked.rglob("*.png")} == set(table)


def test_pytorch_ood_reads_exactly_the_pixels_from_the_lists(unpacked, run):
    for dataset, fooling_set in zip(("mnist", "imagenet"), run.values(), strict=True):
        by_class = dict(zip(fooling_set.target.tolist(), fooling_set.images, strict=True))
        labelled = ImageListDataset(str(unpacked), str(unpacked / f"lists/{dataset}.txt"))
        unknown = ImageListDataset(str(unpacked), str(unpacked / f"benchmark_imglist/{dataset}/test_cppn.txt"))
        assert sorted(label for _, label in labelled) == sorted(by_class)
        assert unknown.files == labelled.files
        for (picture, label), (again, none) in zip(labelled, unknown, strict=True):
            assert none == -1
            np.testing.assert_array_equal(pixels_of(picture), by_class[label])
            np.testing.assert_array_equal(pixels_of(again), by_class[label])


def test_openood_has_a_list_for_each_data_set_and_method(tmp_path, make_set):
    sets = {"cppn": make_set([1, 2], [0.9, 0.8]), "ascent": make_set([3], [0.7], method="ascent")}
    for name, fooling_set in sets.items():
        save_fooling_set(tmp_path / f"{name}.npz", fooling_set)
    export(tmp_path, [tmp_path / f"{name}.npz" for name in sets])
    with tarfile.open(tmp_path / f"{NAME}.tar.gz") as archive:
        lists = [name for name in archive.getnames() if "imglist" in name]
        texts = [archive.extractfile(name).read().decode().splitlines() for name in lists]
    assert lists == [f"{NAME}/benchmark_imglist/mnist/test_{method}.txt" for method in ("ascent", "cppn")]
    assert [len(text) for text in texts] == [1, 2]
    for line in (line for text in texts for line in text):
        path, label = line.split(" ", 1)  # as OpenOOD splits it
        assert (path.split("/")[:2], label) == (["images", "mnist"], "-1")


def test_the_datasheet_names_a_list_that_is_there(unpacked):
    (call,) = (line for line in (unpacked / "README.md").read_text().splitlines() if "ImageListDataset(" in line)
    _, root, _, path, _ = call.split('"')
    assert root == NAME
    assert (unpacked.parent / path).is_file()


def test_checksums_and_sources_are_right(unpacked, run):
    sums = dict(reversed(line.split("  ")) for line in (unpacked / "SHA256SUMS").read_text().splitlines())
    files = {str(path.relative_to(unpacked)): path for path in unpacked.rglob("*") if path.is_file()}
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest
    told = json.loads((unpacked / "sources.json").read_text())
    sources = {source["path"]: source["sha256"] for source in told}
    assert [source["origin"] for source in told] == [fooling_set.origin.plain() for fooling_set in run.values()]
    assert set(sources) == {"mnist/cppn/fooling_set.npz", "imagenet/cppn/fooling_set.npz"}
    for path in run:
        name = path.relative_to(path.parents[2]).as_posix()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sources[name]
    for row in rows(unpacked / "fooled.csv"):
        assert sources[row["source"]] == row["source_sha256"]


def test_the_archive_s_bytes_depend_on_the_results_alone(unpacked, run, tmp_path):
    first = tmp_path / f"out/{NAME}.tar.gz"
    moved = (tmp_path / "results").rename(tmp_path / "elsewhere")
    fooling_sets = [moved / path.relative_to(tmp_path / "results") for path in run]
    export(tmp_path / "again", fooling_sets, "--least-confidence", "0")
    assert (tmp_path / f"again/{NAME}.tar.gz").read_bytes() == first.read_bytes()
    assert (tmp_path / "again/croissant.json").read_bytes() == (tmp_path / "out/croissant.json").read_bytes()
    with tarfile.open(first) as archive:
        entries = archive.getmembers()
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    assert {(entry.mtime, entry.uid, entry.gid, entry.uname, entry.mode) for entry in entries} == {(0, 0, 0, "", 0o644)}
    assert (unpacked / "README.md").read_text() == (tmp_path / "out/datasheet.md").read_text()


def test_croissant_describes_what_is_in_the_archive(unpacked):
    out = unpacked.parent / "out"
    metadata = json.loads((out / "croissant.json").read_text())
    assert metadata["@type"] == "sc:Dataset"
    assert metadata["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "creator", "version", "citeAs", "keywords"} <= metadata.keys()
    resources = {resource["@id"]: resource for resource in metadata["distribution"]}
    assert [resources[name]["@type"] for name in resources] == ["cr:FileObject"] * 3 + ["cr:FileSet"]
    archive = (out / resources["archive"]["contentUrl"]).read_bytes()
    assert hashlib.sha256(archive).hexdigest() == resources["archive"]["sha256"]
    tables = {}
    for name in ("images.csv", "fooled.csv"):
        path = unpacked.parent / resources[name]["contentUrl"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == resources[name]["sha256"]
        assert resources[name]["containedIn"] == {"@id": "archive"}
        tables[name] = rows(path)
    pngs = {path.stem for path in unpacked.parent.glob(resources["pngs"]["includes"])}
    assert pngs == {row["id"] for row in tables["images.csv"]}
    for records, table in zip(metadata["recordSet"], tables, strict=True):
        columns = set()
        for field in records["field"]:
            assert field["@type"] == "cr:Field"
            assert field["@id"] == field["name"] == f"{records['@id']}/{field['name'].partition('/')[2]}"
            for end in (field["source"], field.get("references", {})):
                if "fileObject" in end:
                    assert end["fileObject"] == {"@id": table}
                    columns.add(end["extract"]["column"])
                elif end:
                    assert end["fileSet"] == {"@id": "pngs"}
        assert columns == set(tables[table][0])


def test_mistakes_are_sentences(tmp_path, run):
    with pytest.raises(FoolingError, match="No image fools its network with a confidence of 1 or more"):
        export(tmp_path, run, "--least-confidence", "1")
    with pytest.raises(FoolingError, match=r"an archive's name must end in \.tar\.gz"):
        export(tmp_path, run, f"--archive={tmp_path}/a.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"results", "lenet-1.npz"}
