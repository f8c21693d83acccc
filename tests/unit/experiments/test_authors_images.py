"""From the authors' folder to fooling sets, and on through the steps that take any fooling set."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from small import save_authors_folder

from fooling.artifacts.detector_scores import read_scores
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.artifacts.origin import AuthorsOrigin
from fooling.errors import FoolingError
from fooling.experiments.authors_images import check_scorer
from fooling.networks.classifier import load_classifier
from fooling.networks.convnet import ConvNet
from fooling.networks.network_file import TrainedNetwork, load_network, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.release.gather import gather

STEP = "fooling.steps.experiments.read_authors_images"
SIDE = 16


def untrained(seed=1, *, dataset="imagenet", classes=1000, side=SIDE, **changed) -> TrainedNetwork:
    network = ConvNet(classes, width=4)
    network.initialise(torch.Generator().manual_seed(seed))
    preprocessing = Preprocessing(torch.full((3, 1, 1), 120.0), 1 / 60)
    options = {"channels": 3, "width": 4}
    return TrainedNetwork(
        "convnet", network.eval(), preprocessing, dataset, classes, (3, side, side), options=options, **changed
    )


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr("fooling.data.authors_folder.IMAGES", 5)


@pytest.fixture
def scorer(tmp_path):
    save_networks(tmp_path / "small-1.npz", [untrained()], {})
    return tmp_path / "small-1.npz"


@pytest.fixture
def read(tmp_path, scorer, run_main):
    """Return a function that writes a folder, reads it by the step, and returns the ten files."""

    def read(*name, network=scorer):
        save_authors_folder(tmp_path, 5, SIDE, *name)
        flags = ["--folder", tmp_path / "10-runs-x-1000-cppns", "--network", network, "--output", tmp_path / "out"]
        assert run_main(STEP, *flags) == 0
        return [tmp_path / f"out/run-{number}/fooling_set.npz" for number in range(10)]

    return read


def confidences(scorer, images):
    return load_classifier(scorer, torch.device("cpu")).log_confidence(torch.from_numpy(images)).numpy()


def test_the_class_is_that_of_the_name_and_the_confidence_that_of_the_network(read, scorer, capsys):
    paths = read()
    fooling_set = load_fooling_set(paths[3])
    assert fooling_set.target.tolist() == [10, 2, 4, 6, 8]
    expected = confidences(scorer, fooling_set.images)[np.arange(5), fooling_set.target]
    np.testing.assert_allclose(fooling_set.log_confidence, expected, rtol=1e-6)
    assert set(fooling_set.run) == {3}
    assert set(fooling_set.generation) == set(fooling_set.born) == {5000}
    assert fooling_set.origin == AuthorsOrigin(
        method="authors_cppn",
        network="small-1",
        dataset="imagenet",
        classes=1000,
        generations=5000,
        targets="file_names",
    )
    assert len(fooling_set.final()) == 5
    record = json.loads((paths[3].parent / "fooling_set.provenance.json").read_text())
    assert [source["file"] for source in record["inputs"]][:2] == ["small-1.npz", "map_5000_10_0.453.png"]
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 10
    assert "CaffeNet was 36.30\u2009% sure of the class that an image aims at, small-1 is" in told[3]


def test_without_classes_in_the_names_it_is_the_first_choice(read, scorer, capsys):
    (path, *_) = read(lambda _, row: f"{row}.png")
    fooling_set = load_fooling_set(path)
    scores = confidences(scorer, fooling_set.images)
    assert fooling_set.target.tolist() == scores.argmax(axis=1).tolist()
    np.testing.assert_allclose(fooling_set.log_confidence, scores.max(axis=1), rtol=1e-6)
    assert fooling_set.origin.targets == "first_choice"
    assert len(fooling_set.final()) == 5  # though several aim at one class
    assert "the names tell no class; small-1 is" in capsys.readouterr().out


def test_a_fooling_class_is_nobody_s_first_choice(read, tmp_path):
    trained = untrained(dataset="cifar10", classes=11, fooling_rounds=1)
    trained.network.classifier.bias.data[10] = 50
    save_networks(tmp_path / "retrained.npz", [trained], {})
    (path, *_) = read(lambda _, row: f"{row}.png", network=tmp_path / "retrained.npz")
    fooling_set = load_fooling_set(path)
    assert (fooling_set.target < 10).all()
    assert fooling_set.origin.classes == 10


def test_transfer_detection_and_gallery_take_the_sets(read, scorer, tmp_path, run_main):
    sets = read()[:2]
    save_networks(tmp_path / "small-2.npz", [untrained(2)], {})
    scores, table = tmp_path / "transfer/scores.csv", tmp_path / "transfer/table.csv"
    flags = ["--networks", scorer, tmp_path / "small-2.npz", "--scores", scores, "--table", table]
    assert run_main("fooling.steps.experiments.transfer", "--fooling-sets", *sets, *flags) == 0
    summary = pd.read_csv(table)
    assert summary["method"].tolist() == ["authors_cppn"] * 2
    assert summary["images"].tolist() == [10, 10]
    flags = ["--network", scorer, "--detectors", '["energy"]', "--output", tmp_path / "detectors.csv"]
    assert run_main("fooling.steps.experiments.detect", "--fooling-sets", *sets, *flags) == 0
    judged = read_scores(tmp_path / "detectors.csv")
    assert (judged["images"] == "authors_cppn").sum() == 10
    flags = ["--experiment", "authors", *sets, "--scores", "authors", scores, "--output", tmp_path / "gallery"]
    assert run_main("fooling.steps.gallery.make_gallery", *flags) == 0
    shown = (tmp_path / "gallery/data/gallery.js").read_text()
    assert shown.count('"method":"authors_cppn"') == 2
    assert '"generations":5000' in shown


def test_our_data_set_does_not_hold_them(read):
    path = read()[0]
    with pytest.raises(FoolingError, match=r"a\.npz holds images that the paper's authors published; leave it out"):
        gather([("a.npz", "0" * 64, load_fooling_set(path))], 0)


def test_networks_that_cannot_score_them_are_told(network):
    with pytest.raises(
        FoolingError, match=r"lenet-1 takes images of the shape \(1, 28, 28\), not square ones in colou"
    ):
        check_scorer("lenet-1", load_network(network), names_tell=False)
    ten = untrained(dataset="cifar10", classes=10)
    check_scorer("ten", ten, names_tell=False)
    with pytest.raises(FoolingError, match="ten knows the 10 of cifar10; give a network of ImageNet"):
        check_scorer("ten", ten, names_tell=True)
