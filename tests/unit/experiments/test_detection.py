import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from small import small_mnist

from fooling.artifacts.detector_scores import NATURAL, detectors_in, read_scores
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.data.imagenet.sample import load_training_sample
from fooling.detection.observer import Observer
from fooling.errors import FoolingError
from fooling.experiments.detection import detect, gather
from fooling.experiments.fitting_images import load_natural
from fooling.experiments.outliers import fitted, ordinary_outliers
from fooling.networks.network_file import load_network, load_networks, save_networks
from fooling.results.detection_words import kind_name
from fooling.settings.detection import DetectionSettings

STEP = "fooling.steps.experiments.detect"
ALL_CLASSES = tuple(range(10))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return small_mnist(tmp_path / "mnist")


@pytest.fixture
def observer(network: Path) -> Observer:
    return Observer(load_network(network), "lenet-1", torch.device("cpu"))


@pytest.fixture
def sets(make_fooling_set) -> dict[str, FoolingSet]:
    """Two runs of CPPNs that share an image, one of round 2, and gradient ascent; each against ten classes."""

    def of(run: int, **origin) -> FoolingSet:
        made = make_fooling_set(classes=ALL_CLASSES, run=run, **origin)
        return replace(made, origin=made.origin.model_copy(update={"classes": 10}))

    first, second = of(0), of(1)
    second.images[3] = first.images[5]
    return {"a": first, "b": of(7, method="ascent", set="169"), "c": second, "d": of(2, round=2)}


def settings(**changed) -> DetectionSettings:
    return DetectionSettings.model_validate({"detectors": ["energy", "knn"], "unknown_images": 15} | changed)


def test_images_of_one_kind_are_gathered_and_equal_ones_count_once(observer, sets):
    found = gather(sets, observer, 100, np.random.default_rng(0))
    assert [(each.kind, each.set, each.number, len(each.images)) for each in found] == [
        ("cppn", "", 1, 19),
        ("ascent", "169", 1, 10),
        ("cppn", "", 2, 10),
    ]
    assert found[0].run.tolist() == [0] * 10 + [1] * 9
    few = gather(sets, observer, 5, np.random.default_rng(0))
    assert [len(each.images) for each in few] == [5, 5, 5]


def test_every_image_has_a_score_of_every_detector(network, observer, sets, data):
    natural, files = load_natural(load_network(network), data, training_images=5000, test_images=2000, seed=0)
    scores = detect(observer, natural, sets, {"shapes": np.zeros((3, 1, 28, 28), np.uint8)}, settings())
    assert [path.parent for path in files] == [data] * 4
    kinds = scores.groupby(["images", "set", "round"], sort=False).size()
    assert kinds.to_dict() == {
        (NATURAL, "", 0): 30,
        ("cppn", "", 1): 15,
        ("ascent", "169", 1): 10,
        ("cppn", "", 2): 10,
        ("noise", "", 0): 15,
        ("shapes", "", 0): 3,
    }
    assert detectors_in(scores) == ["energy", "knn"]
    assert scores["confidence"].between(0.0999, 1).all()
    # The networks' own word for it, image by image.
    alone = observer(torch.from_numpy(sets["b"].images))
    energy = alone.logits.double().logsumexp(dim=1).numpy()
    np.testing.assert_allclose(np.sort(scores.loc[scores["images"] == "ascent", "energy"]), np.sort(energy), rtol=1e-5)


def test_images_that_passed_a_guard_are_a_kind_of_their_own_and_there_may_be_none(observer, sets):
    def past(guard: str, fooling_set: FoolingSet) -> FoolingSet:
        return replace(fooling_set, provenance={"settings": {"guard": {"detector": guard}}})

    none = past("vim", sets["c"].select(np.zeros(10, dtype=bool)))
    found = gather({**sets, "e": past("knn", sets["a"]), "f": none}, observer, 100, np.random.default_rng(0))
    assert [(each.kind, each.set, each.number, len(each.images)) for each in found if each.kind == "cppn"] == [
        ("cppn", "", 1, 19),
        ("cppn", "", 2, 10),
        ("cppn", "knn", 1, 10),
    ]
    assert kind_name("cppn", "knn", 1) == "CPPN encoding past nearest neighbours"
    assert kind_name("ascent", "knn", 1) == "gradient ascent, set knn"


def test_what_does_not_fit_the_network_is_told(observer, sets):
    one = sets["a"]
    cases = {
        "mine fools a network of cifar10, but lenet-1 is one of mnist": {"dataset": "cifar10"},
        "mine aims at 3 classes, but lenet-1 has 10": {"classes": 3},
    }
    for message, changed in cases.items():
        foreign = replace(one, origin=one.origin.model_copy(update=changed))
        with pytest.raises(FoolingError, match=message):
            gather({"mine": foreign}, observer, 5, np.random.default_rng(0))
    large = replace(one, images=np.zeros((10, 1, 32, 32), np.uint8))
    with pytest.raises(FoolingError, match=r"mine holds images of the shape \(1, 32, 32\)"):
        gather({"mine": large}, observer, 5, np.random.default_rng(0))
    with pytest.raises(FoolingError, match="mine holds no image"):
        gather({"mine": one.select(np.zeros(10, dtype=bool))}, observer, 5, np.random.default_rng(0))


def test_the_step_writes_the_same_bytes_again(network, data, sets, tmp_path, run_main):
    paths = []
    for name, fooling_set in sets.items():
        paths.append(tmp_path / f"{name}.npz")
        save_fooling_set(paths[-1], fooling_set)
    arguments = ["--network", network, "--data", data, "--fooling-sets", *paths, "--unknown-images", 12]
    arguments += ["--detectors", '["max_softmax", "odin", "mahalanobis", "react", "ash"]']
    for name in ("first.csv", "second.csv"):
        assert run_main(STEP, *arguments, "--output", tmp_path / name) == 0
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()
    assert (tmp_path / "first.provenance.json").is_file()
    scores = read_scores(tmp_path / "first.csv")
    assert detectors_in(scores) == ["max_softmax", "odin", "mahalanobis", "react", "ash"]
    assert set(scores["images"]) == {"test", "cppn", "ascent", "noise", "photographs"}
    np.testing.assert_allclose(scores["max_softmax"], scores["confidence"])


def test_mistakes_on_the_command_line_are_one_sentence(network, data, sets, run_main, capsys):
    folder = network.parent
    save_fooling_set(folder / "a.npz", sets["a"])
    save_networks(folder / "pair.npz", load_networks(network) * 2, {})
    base = ["--network", network, "--fooling-sets", folder / "a.npz", "--output", folder / "scores.csv"]
    cases = {
        "give its folder (--data)": base,
        "knn cannot be fitted to 30 images": [*base, "--data", data, "--training-images", 30],
        "detectors.0: should be 'max_softmax', 'max_logit'": [*base, "--data", data, "--detectors", '["guess"]'],
        "should be greater than or equal to 20": [*base, "--data", data, "--test-images", 10],
        "There is no data set nothing": [*base, "--data", data, "--outliers", "nothing", data],
        "ensemble of 2 networks where a single one is needed": [
            *("--network", folder / "pair.npz", "--data", data, "--fooling-sets", folder / "a.npz"),
            *("--output", folder / "scores.csv"),
        ],
    }
    for message, arguments in cases.items():
        assert run_main(STEP, *arguments) == 1, message
        error = capsys.readouterr().err
        assert message in error
        assert "Traceback" not in error
    assert not (folder / "scores.csv").exists()


def test_too_few_natural_images_are_told(network, data):
    for file, length in (("t10k-images-idx3-ubyte", 16 + 19 * 784), ("t10k-labels-idx1-ubyte", 8 + 19)):
        content = bytearray((data / file).read_bytes()[:length])
        content[4:8] = struct.pack(">I", 19)
        (data / file).write_bytes(content)
    with pytest.raises(FoolingError, match="needs 20 of them at least, not 19"):
        load_natural(load_network(network), data, training_images=5000, test_images=2000, seed=0)


def test_outliers_take_the_shape_that_the_network_takes():
    coloured = np.zeros((2, 3, 32, 32), np.uint8)
    coloured[0, 1], coloured[1] = 200, 255
    grey = fitted(coloured, (1, 28, 28))
    assert grey.shape == (2, 1, 28, 28)
    assert set(grey[0].ravel()) == {117}  # 0.587 * 200
    assert set(grey[1].ravel()) == {255}
    back = fitted(grey, (3, 32, 32))
    assert back.shape == (2, 3, 32, 32)
    assert (back[:, :1] == back).all()


def test_photographs_are_outliers_of_all_but_imagenet(data):
    generator = np.random.default_rng(0)
    found, files = ordinary_outliers("cifar10", (3, 32, 32), {"mnist": data}, 25, generator)
    assert {name: images.shape for name, images in found.items()} == {
        "mnist": (25, 3, 32, 32),
        "photographs": (20, 3, 32, 32),
    }
    assert len(files) == 4 + 20
    assert ordinary_outliers("imagenet", (3, 64, 64), {}, 25, generator) == ({}, [])


def test_training_images_of_a_folder_are_the_first_of_each_class(tmp_path):
    for name, count in (("first", 3), ("second", 1)):
        folder = tmp_path / "train" / name
        folder.mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (9, 7), (number, 0, 0)).save(folder / f"{number}.png")
    images, labels, paths = load_training_sample(tmp_path, 2, (3, 5, 5), 2)
    assert labels.tolist() == [0, 0, 1]
    assert images[:, 0, 0, 0].tolist() == [0, 1, 0]
    assert [path.parent.name for path in paths] == ["first", "first", "second"]


def test_a_table_that_is_none_is_told(tmp_path):
    path = tmp_path / "scores.csv"
    columns = {"images": ["cppn"], "set": [""], "round": [1], "run": [0], "confidence": [1.0]}
    pd.DataFrame(columns | {"energy": [1.0]}).to_csv(path, index=False)
    with pytest.raises(FoolingError, match="holds no score of natural images"):
        read_scores(path)
    pd.DataFrame(columns | {"energy": ["x"]}).to_csv(path, index=False)
    with pytest.raises(FoolingError, match="damaged"):
        read_scores(path)
