import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fooling.errors import FoolingError
from fooling.settings.config import load_config
from fooling.settings.evolution import DirectSettings

CONFIGS = Path(__file__).parents[3] / "config"
WHOLE: dict[str, Any] = {
    "name": "tiny",
    "networks": {"lenet": {"seeds": [1, 2]}},
    "evolution": {"mnist": {"direct": {"runs": {"lenet-1": [0]}}, "cppn": {"runs": {"lenet-2": [0, 1]}}}},
    "ascent": {"mnist": {"runs": {"lenet-1": [0]}, "classes": [0, 9], "sets": {"169": {"decay": 0.01}}}},
    "transfer": {"mnist": {"networks": ["lenet-1", "lenet-2"]}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    values = copy.deepcopy(WHOLE)
    *parents, last = path.split("/")
    table = values
    for parent in parents:
        table = table[parent]
    table[last] = value
    return values


def mistakes(values: dict[str, Any]) -> list[str]:
    with pytest.raises(FoolingError) as caught:
        load_config(values, "Mistakes")
    heading, *lines = str(caught.value).split("\n  ")
    assert heading == "Mistakes:"
    return lines


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_configuration_that_comes_with_the_repository_is_right(path):
    config = load_config(yaml.safe_load(path.read_text()), str(path))
    assert config.name == ("default" if path.stem == "config" else path.stem)


def test_what_is_not_given_has_the_papers_values():
    config = load_config({"networks": {"lenet": {}}}, "Mistakes")
    assert config.name == "default"
    assert config.networks["lenet"].seeds == [1]
    assert config.evolution == {}
    direct = load_config(WHOLE, "Mistakes").evolution["mnist"].direct
    assert direct is not None
    assert DirectSettings(**direct.model_dump(exclude={"runs"})) == DirectSettings()


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("nmae", "x", "nmae: there is no such key."),
        ("name", "../x", "name: a name has only letters, digits and underscores"),
        ("name", "x" * 65, "name: String should have at most 64 characters"),
        ("name", "a\n", "name: a name has only letters, digits and underscores"),
        ("networks/lenet/iterations", 0, "networks.lenet.iterations: should be greater than or equal to 1 (given: 0)."),
        ("networks/lenet/seeds", [1, 2, 1], "networks.lenet.seeds: two runs cannot share one seed: 1 is listed twice"),
        ("networks/lenet/seeds", [-1, 1, 2], "networks.lenet.seeds.0: should be greater than or equal to 0"),
        ("networks/le-net", {}, "networks.le-net: a name has only letters, digits and underscores"),
        ("evolution/mnist/direct/generations", "many", "evolution.mnist.direct.generations: should be a valid integer"),
        ("evolution/mnist/direct/generations", 5, "evolution.mnist.direct: snapshots: generation 10 lies beyond"),
        ("evolution/mnist/cppn/runs", {"lenet-2": [0, 0]}, "evolution.mnist.cppn.runs.lenet-2: two runs cannot share"),
        (
            "evolution/mnist/cppn/runs",
            {"lenet-2": []},
            "evolution.mnist.cppn.runs.lenet-2: needs at least one entry (given",
        ),
        (
            "evolution/mnist/cppn/runs",
            {"lenet-3": [0]},
            "evolution.mnist.cppn.runs.lenet-3: there is no network of this name",
        ),
        ("evolution/mnist/cppn/runs", {"../a-1": [0]}, "evolution.mnist.cppn.runs.../a-1: "),
        ("evolution/..", {}, "evolution...: a name has only letters, digits and underscores"),
        (
            "ascent/mnist/classes",
            [10],
            "ascent.mnist: classes: lenet-1 (mnist) has the classes 0 to 9, and 10 is none.",
        ),
        ("ascent/mnist/classes", [3, 3], "ascent.mnist: classes: each class is listed once"),
        ("ascent/mnist/sets", {169: {}}, "ascent.mnist.sets.169: should be a text; put it in quotes (given: 169)."),
        ("ascent/mnist/sets", {"a/b": {}}, "ascent.mnist.sets.a/b: a name has only letters, digits and underscores"),
        ("transfer/mnist/networks", ["lenet-1", "lenet-1"], "transfer.mnist.networks: lenet-1 is listed twice"),
        ("transfer/mnist/networks", ["lenet-9"], "transfer.mnist.networks.0: there is no network of this name"),
        ("transfer/other", {"networks": ["lenet-1"]}, "transfer: other: no experiment of this name"),
        ("detection", {"other": {"networks": ["lenet-1"]}}, "detection: other: no image of this experiment is made"),
        (
            "detection",
            {"mnist": {"networks": ["lenet-1"], "outliers": ["mnist"]}},
            "detection.mnist: outliers: mnist is the data set of the networks themselves",
        ),
        (
            "detection",
            {"mnist": {"networks": ["lenet-1"], "detectors": ["odin", "odin"]}},
            "detection.mnist.detectors: odin",
        ),
        (
            "detection",
            {"mnist": {"networks": ["lenet-1"], "test_images": 19}},
            "detection.mnist.test_images: should be",
        ),
        (
            "guarded",
            {"other": {"detectors": ["knn"]}},
            "guarded: other: no experiment of this name under evolution has",
        ),
        (
            "guarded",
            {"mnist": {"detectors": ["knn"]}},
            "guarded: mnist: evolution.mnist.direct: in float32 all images that a guard stops would be equally",
        ),
        ("guarded", {"mnist": {"detectors": []}}, "guarded.mnist.detectors: needs at least one entry"),
        ("guarded", {"mnist": {"detectors": ["vim", "vim"]}}, "guarded.mnist.detectors: vim is listed twice"),
        ("guarded", {"mnist": {"detectors": ["guess"]}}, "guarded.mnist.detectors.0: should be 'max_softmax', 'max_"),
        ("compute", {"device": "tpu"}, "compute.device: should be 'cpu', 'cuda' or 'auto' (given: 'tpu')."),
        ("evolution/mnist", None, "evolution.mnist: should be a table of keys and values (given: None)."),
    ],
)
def test_a_mistake_is_one_sentence_with_the_path_of_its_key(path, value, sentence):
    lines = mistakes(changed(path, value))
    assert len(lines) == 1
    assert lines[0].startswith(sentence)


def test_an_unknown_network_is_told_with_the_nearest_known_ones():
    lines = mistakes(changed("evolution/mnist/direct/runs", {"lent-1": [0]}))
    path = "evolution.mnist.direct.runs.lent-1"
    known = "the nearest are lenet-1, lenet-2"
    assert lines == [f"{path}: there is no network of this name; {known} (given: 'lent-1')."]


def test_all_mistakes_are_told_at_once():
    values = changed("evolution/mnist/direct/generations", 0)
    values["evolution"]["mnist"]["cppn"]["runs"]["lenet-9"] = [0]
    values["networks"]["lenet"]["batchsize"] = 3
    values["ascent"]["mnist"]["classes"] = [77]
    values["transfer"]["mnist"]["networks"] = ["other-1"]
    paths = [line.split(": ")[0] for line in mistakes(values)]
    assert paths == [
        "networks.lenet.batchsize",
        "evolution.mnist.direct.generations",
        "evolution.mnist.cppn.runs.lenet-9",
        "ascent.mnist",
        "transfer.mnist.networks.0",
    ]


@given(st.text())
def test_no_name_leaves_the_results_folder(name):
    try:
        config = load_config(changed("name", name), "Mistakes")
    except FoolingError:
        return
    results = Path("results").resolve()
    assert (results / config.name).resolve().parent == results


IMAGENET = {
    "pretrained": {
        "lite0": {"architecture": "efficientnet-lite0"},
        "lite1": {"architecture": "efficientnet-lite1"},
        "own": {"architecture": "torchvision/resnet18", "weights": __file__, "dataset": "flowers", "classes": 5},
    },
    "ensembles": {"lite": ["lite0", "lite1"]},
    "evolution": {"imagenet": {"cppn": {"runs": {"lite0": [0]}}}},
    "detection": {"imagenet": {"networks": ["lite0"], "detectors": ["odin"]}},
    "features": {"imagenet": "lite1"},
    "ablation": {"imagenet": {}},
}


@pytest.mark.parametrize(
    ("runs", "detector", "sentence"),
    [
        ({"lite": [0]}, "ash", "guarded: imagenet: lite is an ensemble, which no detector knows; name one network"),
        ({"own": [0]}, "ash", "guarded: imagenet: natural images of flowers are not known here; name other networks"),
        ({"lite0": [0]}, "knn", "guarded: imagenet: knn is fitted to training images; set datasets.imagenet.root, or"),
    ],
)
def test_a_network_that_cannot_be_guarded_is_told(runs, detector, sentence):
    values = {**copy.deepcopy(WHOLE), **copy.deepcopy(IMAGENET), "ascent": {}, "transfer": {}}
    del values["detection"], values["features"], values["ablation"]
    cppn = {"runs": {"lite1": [0]}, "fitness": "log"}
    values["evolution"]["imagenet"] = {"cppn": cppn}
    values["guarded"] = {"imagenet": {"detectors": ["ash"]}}
    load_config(values, "Mistakes")
    cppn["runs"], values["guarded"]["imagenet"]["detectors"] = runs, [detector]
    lines = mistakes(values)
    assert len(lines) == 1
    assert lines[0].startswith(sentence)
    cppn |= {"runs": {"lite1": [0]}, "precision": "bfloat16"}
    assert "a guarded network judges in float32; set precision to float32" in mistakes(values)[0]
    del cppn["precision"]
    cppn["cpu_backend"] = "openvino"
    assert "a guarded network is run by torch, which tells its features" in mistakes(values)[0]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("ensembles/lite", ["lite0", "own"], "ensembles.lite: the members of an ensemble have the same classes, not"),
        ("ensembles/lite", ["lite0", "lite0"], "ensembles.lite: each network is listed once"),
        ("ensembles/lite", ["lite0"], "ensembles.lite: needs at least 2 entries"),
        ("ensembles/more", ["lite", "lite1"], "ensembles: lite is an ensemble itself"),
        ("ensembles/lite", ["lite0", "lite7"], "ensembles.lite.1: there is no network of this name; the nearest are"),
        ("features/imagenet", "lite0", "features: imagenet: lite0 is the network that is fooled"),
        ("features/imagenet", "lite", "features: imagenet: lite is an ensemble, which has no features"),
        ("features/other", "lite1", "features: other: no experiment of this name evolves CPPN images"),
        ("ablation/other", {}, "ablation: other: no experiment of this name evolves CPPN images"),
        (
            "detection/imagenet",
            {"networks": ["lite0"]},
            "detection: imagenet: openmax is fitted to training images; set",
        ),
        (
            "detection/imagenet",
            {"networks": ["lite"], "detectors": ["ash"]},
            "detection: imagenet: lite is an ensemble",
        ),
        (
            "detection/imagenet",
            {"networks": ["own"]},
            "detection.imagenet: networks: natural images of flowers are not",
        ),
        (
            "detection/imagenet",
            {"networks": ["own", "lite0"]},
            "detection.imagenet: networks: they are of one data set",
        ),
        ("pretrained/own/weights", "missing.pth", "pretrained.own: weights: there is no file missing.pth"),
        ("pretrained/own/classes", 1, "pretrained.own.classes: should be greater than or equal to 2"),
    ],
)
def test_a_mistake_about_other_networks_is_one_sentence(path, value, sentence):
    values = {**copy.deepcopy(WHOLE), **copy.deepcopy(IMAGENET)}
    values["ascent"], values["transfer"] = {}, {}
    load_config(values, "Mistakes")
    *parents, last = path.split("/")
    table = values
    for parent in parents:
        table = table[parent]
    table[last] = value
    lines = mistakes(values)
    assert len(lines) == 1
    assert lines[0].startswith(sentence)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["name", "networks", "networks/lenet", "evolution/mnist", "ascent", "transfer/mnist"]), PLAIN)
def test_whatever_stands_in_a_configuration_the_answer_is_settings_or_sentences(path, value):
    with contextlib.suppress(FoolingError):  # any other error fails the test
        load_config(changed(path, value), "Mistakes")


RETRAINING = {
    "networks": {"lenet": {"seeds": [1]}},
    "pretrained": {
        "lite0": {"architecture": "efficientnet-lite0"},
        "own": {"architecture": "torchvision/resnet18", "weights": __file__, "dataset": "flowers", "classes": 5},
    },
    "retraining": {"imagenet": {"networks": ["lite0"], "imagenet_training": {}}},
}


@pytest.mark.parametrize(
    ("chains", "sentence"),
    [
        ({"networks": ["own"]}, "networks: own is neither trained here nor of ImageNet"),
        ({"networks": ["lite0"]}, "imagenet_training: networks of ImageNet need it"),
        ({"networks": ["lenet-1"], "imagenet_training": {}}, "imagenet_training: networks of ImageNet need it"),
        (
            {"networks": ["lenet-1", "lite0"], "imagenet_training": {}},
            "imagenet_training: networks of ImageNet need it",
        ),
        ({"networks": ["lenet-1"], "head_training": {}}, "imagenet_training: networks of ImageNet need it"),
        (
            {"networks": ["lite0"], "imagenet_training": {}, "head_training": {}},
            "imagenet_training: networks of ImageNet need it, or head_training",
        ),
    ],
)
def test_only_networks_of_imagenet_are_trained_on_its_folder(chains, sentence):
    load_config(RETRAINING, "Mistakes")
    lines = mistakes({**RETRAINING, "retraining": {"other": {"first_images": 2, **chains}}})
    assert len(lines) == 1
    assert lines[0].startswith(f"retraining.other: {sentence}")


@pytest.mark.parametrize(
    ("network", "chains", "sentence"),
    [
        ({}, {"imagenet_training": {"batch_size": 250, "processes": 4}}, "4 processes cannot share 250 images evenly"),
        ({}, {"imagenet_training": {"start": "scratch"}}, "has lost its batch normalisation and learns nothing"),
        ({"views": 10}, {"head_training": {}}, "is judged by 10 views, and an output is fitted to one"),
    ],
)
def test_what_cannot_be_trained_is_told_before_anything_is_evolved(network, chains, sentence):
    pretrained = {"lite0": {"architecture": "efficientnet-lite0", **network}}
    lines = mistakes({"pretrained": pretrained, "retraining": {"chain": {"networks": ["lite0"], **chains}}})
    assert len(lines) == 1
    assert sentence in lines[0]


@pytest.mark.parametrize(
    ("chains", "sentence"),
    [
        ({"networks": ["lenet-9"]}, "networks.0: there is no network of this name"),
        ({"rounds": 1}, "rounds: should be greater than or equal to 2"),
        (
            {"first_runs": 2, "first_images": 41},
            "first_images: 2 runs against 10 classes give at most 40 different images, not 41; raise first_runs",
        ),
        (
            {"rounds": 3, "runs": 1, "images": 21},
            "images: 1 runs against 10 classes give at most 20 different images, not 21; raise runs",
        ),
        (
            {"first_runs": 2, "first_images": 30, "evolution": {"batch": 4}},
            "first_images: 2 runs against 10 classes give at most 28 different images, not 30; raise first_runs",
        ),
        ({"evolution": {"snapshots": [5]}}, "evolution.snapshots: 0 must be among them"),
        ({"acet": {}, "outlier_exposure": {}}, "acet: an experiment has one cure, not outlier_exposure as well"),
        ({"acet": {}, "rounds": 3}, "acet: it learns nothing from fooling images, so that a third network would"),
        ({"acet": {"radius": 2}}, "acet.radius: should be less than or equal to 1"),
        ({"outlier_exposure": {"weight": 0}}, "outlier_exposure.weight: should be greater than 0"),
    ],
)
def test_mistakes_in_retraining(chains, sentence):
    lines = mistakes({**RETRAINING, "retraining": {"chain": {"networks": ["lenet-1"], **chains}}})
    assert len(lines) == 1
    assert lines[0].startswith(f"retraining.chain.{sentence}") or lines[0].startswith(f"retraining.chain: {sentence}")


def test_networks_of_imagenet_have_no_cure_but_a_fooling_class():
    chains = {"networks": ["lite0"], "head_training": {}, "outlier_exposure": {}}
    (line,) = mistakes({**RETRAINING, "retraining": {"chain": chains}})
    assert line.startswith("retraining.chain: outlier_exposure: only networks that are trained here are cured")


def test_a_cure_without_fooling_images_needs_no_runs_for_them():
    chains = {"networks": ["lenet-1"], "first_runs": 1}
    config = load_config({**RETRAINING, "retraining": {"chain": {**chains, "acet": {}}}}, "Mistakes")
    assert config.retraining["chain"].cure == "acet"
    assert len(mistakes({**RETRAINING, "retraining": {"chain": {**chains, "outlier_exposure": {}}}})) == 1


def test_a_chain_of_two_networks_needs_no_further_images():
    chains = {"networks": ["lenet-1"], "runs": 1, "images": 1000}
    load_config({**RETRAINING, "retraining": {"chain": {**chains, "rounds": 2}}}, "Mistakes")
    assert len(mistakes({**RETRAINING, "retraining": {"chain": {**chains, "rounds": 3}}})) == 1


def test_a_configuration_has_a_network():
    assert mistakes({}) == ["networks: there is none; name one to train here, or your own under pretrained."]
    own = {"architecture": "torchvision/resnet18", "weights": __file__, "dataset": "flowers", "classes": 5}
    config = load_config({"pretrained": {"own": own}}, "Mistakes")
    assert config.all_networks["own"].classes == 5


def test_an_ensemble_is_not_trained_anew():
    pretrained = {name: {"architecture": f"efficientnet-{name}"} for name in ("lite0", "lite1")}
    values = {**RETRAINING, "pretrained": pretrained, "ensembles": {"both": ["lite0", "lite1"]}}
    chains = {"networks": ["both"], "imagenet_training": {}}
    lines = mistakes({**values, "retraining": {"imagenet": chains}})
    assert lines == ["retraining: imagenet: both is an ensemble; name networks that can be trained anew."]
