from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from small import small_origin
from torch import Tensor

from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.errors import FoolingError
from fooling.experiments.transfer import score_transfer, summarise_transfer


class TableClassifier:
    """Knows an image by its first pixel, and says of it what a table says."""

    image_shape = input_shape = (1, 2, 2)
    any_size = False
    device = torch.device("cpu")

    def __init__(self, confidences: list[list[float]]) -> None:
        self.table = torch.tensor(confidences, dtype=torch.float64).log().float()
        self.classes = self.table.shape[1]
        self.seen = 0

    def logits(self, pixels: Tensor) -> Tensor:
        return self.table[pixels[:, 0, 0, 0].long()]

    def log_confidence(self, images: Tensor) -> Tensor:
        self.seen += len(images)
        return self.logits(images)


SOURCE = [[0.99995, 0.00003, 0.00002], [0.004, 0.995, 0.001], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6]]
OTHER = [[0.99996, 0.00003, 0.00001], [0.7, 0.2, 0.1], [0.005, 0.004, 0.991], [0.2, 0.3, 0.5]]


def a_set(images, target, generation, run, **origin) -> FoolingSet:
    log_confidence = np.log([SOURCE[image][aim] for image, aim in zip(images, target, strict=True)])
    return FoolingSet(
        images=np.array(images, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 2, 2), dtype=np.uint8),
        target=np.array(target),
        log_confidence=log_confidence.astype(np.float32),
        generation=np.array(generation),
        born=np.array(generation),
        run=np.array(run),
        origin=small_origin(**{"network": "a-1", "dataset": "none"} | origin),
        provenance={},
    )


@pytest.fixture
def evolved() -> FoolingSet:
    return a_set([3, 3, 3, 0, 1, 2], [0, 1, 2, 0, 1, 2], [0, 0, 0, 9, 9, 9], [5] * 6)


@pytest.fixture
def ascended() -> FoolingSet:
    return a_set([3, 0, 3, 2], [0, 0, 2, 2], [4, 7, 1, 99], [0, 0, 1, 1], method="ascent", set="169")


@pytest.fixture
def classifiers() -> dict[str, TableClassifier]:
    return {"a-1": TableClassifier(SOURCE), "b-2": TableClassifier(OTHER)}


def test_scores_by_hand(evolved, ascended, classifiers):
    scores = score_transfer({"first": evolved, "second": ascended}, classifiers)
    assert list(scores.columns[:13]) == [
        *("fooling_set", "image", "method", "set", "source_network", "run", "target", "source_confidence"),
        *("network", "confidence", "label", "label_confidence", "source_log_confidence"),
    ]
    assert len(scores) == 2 * (3 + 2)
    other = scores[scores["network"] == "b-2"]
    assert other["fooling_set"].tolist() == [0, 0, 0, 1, 1]
    assert other["image"].tolist() == [0, 1, 2, 0, 1]
    assert other["method"].tolist() == ["cppn"] * 3 + ["ascent"] * 2
    assert other["set"].tolist() == ["", "", "", "169", "169"]
    assert other["run"].tolist() == [5, 5, 5, 0, 1]
    assert other["target"].tolist() == [0, 1, 2, 0, 2]
    assert other["label"].tolist() == [0, 0, 2, 0, 2]
    assert other["rank"].tolist() == [1, 2, 1, 1, 1]
    np.testing.assert_allclose(other["source_confidence"], [0.99995, 0.995, 0.4, 0.99995, 0.4], rtol=1e-6)
    np.testing.assert_allclose(other["confidence"], [0.99996, 0.2, 0.991, 0.99996, 0.991], rtol=1e-6)
    np.testing.assert_allclose(other["label_confidence"], [0.99996, 0.7, 0.991, 0.99996, 0.991], rtol=1e-6)
    itself = scores[scores["network"] == "a-1"]
    np.testing.assert_allclose(itself["confidence"], itself["source_confidence"], rtol=1e-6)


def test_shares_by_hand(evolved, ascended, classifiers):
    table = summarise_transfer(score_transfer({"first": evolved, "second": ascended}, classifiers))
    assert list(table.columns) == [
        *("method", "set", "source_network", "network", "images", "same_label", "top_5", "above_99"),
        *("above_9999", "median_confidence", "both_above_9999", "source_more_confident"),
    ]
    row = table.set_index(["method", "network"]).loc[("cppn", "b-2")]
    assert row["images"] == 3
    np.testing.assert_allclose(
        row[["same_label", "above_99", "above_9999", "both_above_9999", "source_more_confident"]].astype(float),
        [2 / 3, 2 / 3, 1 / 3, 1 / 3, 1 / 3],
    )
    assert row["median_confidence"] == pytest.approx(0.991, rel=1e-6)
    row = table.set_index(["method", "network"]).loc[("ascent", "a-1")]
    assert (row["set"], row["images"], row["same_label"], row["above_9999"]) == ("169", 2, 1, 0.5)
    assert row["source_more_confident"] == 0


def test_runs_of_one_source_are_one_row(evolved, classifiers):
    again = a_set([0, 1, 2], [0, 1, 2], [9, 9, 9], [6] * 3)
    table = summarise_transfer(score_transfer({"first": evolved, "second": again}, classifiers))
    assert table["images"].tolist() == [6, 6]


def test_confidences_near_one_are_told_apart():
    columns = {"method": "cppn", "set": "", "source_network": "a-1", "network": "b-2"}
    columns |= {"target": 1, "label": 1, "rank": 1}
    certain = {"confidence": 1.0, "source_confidence": 1.0}
    scores = pd.DataFrame(
        [
            columns | certain | {"source_log_confidence": -1e-20, "log_confidence": -1e-18},
            columns | certain | {"source_log_confidence": -1e-18, "log_confidence": -1e-20},
        ]
    )
    assert summarise_transfer(scores)["source_more_confident"].tolist() == [0.5]


def test_share_among_the_five_best():
    table = torch.full((8, 8), 0.01)
    # The target of image k is class k, and k others are more confident.
    for image in range(8):
        table[image, image] = 0.05
        table[image, [number for number in range(8) if number != image][:image]] = 0.1
    classifier = TableClassifier((table / table.sum(dim=1, keepdim=True)).tolist())
    log_confidence = classifier.table[torch.arange(8), torch.arange(8)].numpy()
    base = a_set([0] * 3, [0] * 3, [0] * 3, [0] * 3, classes=8)
    images = np.arange(8, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 2, 2), dtype=np.uint8)
    columns = {name: np.arange(8) * (name == "target") for name in ("target", "generation", "born", "run")}
    fooling_set = replace(base, images=images, log_confidence=log_confidence, **columns)
    scores = score_transfer({"first": fooling_set}, {"a-1": classifier})
    assert scores["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert summarise_transfer(scores)["top_5"].tolist() == [5 / 8]


def test_only_images_that_fool_their_source_are_scored(evolved, ascended, classifiers):
    sets = {"first": evolved, "second": ascended}
    scores = score_transfer(sets, classifiers, 0.5)
    everything = score_transfer(sets, classifiers)
    confident = everything[everything["source_confidence"] >= 0.5].reset_index(drop=True)
    pd.testing.assert_frame_equal(scores, confident)
    assert scores.loc[scores["network"] == "b-2", "image"].tolist() == [0, 1, 0]
    assert summarise_transfer(scores)["images"].tolist() == [2, 2, 1, 1]
    nothing = score_transfer(sets, classifiers, 0.999999)
    assert list(nothing.columns) == list(everything.columns)
    assert summarise_transfer(nothing).empty


def test_networks_that_take_any_size_need_the_same_channels_only(evolved, classifiers):
    for classifier in classifiers.values():
        classifier.image_shape, classifier.any_size = (1, 7, 9), True
    assert len(score_transfer({"first": evolved}, classifiers)) == 6
    classifiers["b-2"].image_shape = (3, 2, 2)
    with pytest.raises(FoolingError, match="b-2 takes"):
        score_transfer({"first": evolved}, classifiers)


def test_one_set_is_in_memory_at_a_time(evolved, ascended, classifiers, tmp_path):
    paths = [tmp_path / "evolved.npz", tmp_path / "ascended.npz"]
    for path, fooling_set in zip(paths, (evolved, ascended), strict=True):
        save_fooling_set(path, fooling_set)
    files = FoolingSetFiles(paths)
    assert list(files) == [str(path) for path in paths]
    assert len(files.values()) == 2
    assert files[str(paths[0])] is not files[str(paths[0])]
    expected = score_transfer({"first": evolved, "second": ascended}, classifiers)
    pd.testing.assert_frame_equal(score_transfer(files, classifiers), expected)


def test_network_that_did_not_make_the_set(evolved, classifiers):
    changed = [row[:] for row in SOURCE]
    changed[1] = [0.0045, 0.9945, 0.001]
    with pytest.raises(FoolingError, match="first was not made with this a-1"):
        score_transfer({"first": evolved}, classifiers | {"a-1": TableClassifier(changed)})


def test_rounding_is_no_other_network(evolved, classifiers):
    changed = [row[:] for row in SOURCE]
    changed[1] = [0.00405, 0.99495, 0.001]
    score_transfer({"first": evolved}, classifiers | {"a-1": TableClassifier(changed)})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_shape": (3, 2, 2)}, "b-2 takes"),
        ({"classes": 5}, "b-2 has 5"),
    ],
)
def test_network_that_does_not_fit_is_told_before_any_scoring(evolved, classifiers, change, message):
    for name, value in change.items():
        setattr(classifiers["b-2"], name, value)
    with pytest.raises(FoolingError, match=message):
        score_transfer({"first": evolved}, classifiers)
    assert classifiers["a-1"].seen == 0


def test_empty_set_scores_nothing(evolved, classifiers):
    nothing = evolved.select(np.zeros(len(evolved), dtype=bool))
    assert len(score_transfer({"first": evolved, "empty": nothing}, classifiers)) == 6
