import numpy as np
import pytest

from fooling.artifacts.features import Features
from fooling.errors import FoolingError
from fooling.figures.evolution.diverse_images import draw_gallery
from fooling.results.diverse_images import CANDIDATES, IMAGES, choose_diverse, confidence_of
from fooling.results.paper_values import Published
from fooling.tables.diverse_images import diverse_table

PAPER = {"mean_confidence": Published(99.12, "V", "long runs")}


def features_of(*fooling_sets, image=None, seed=0):
    count = sum(map(len, fooling_sets))
    return Features(
        values=np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32),
        fooling_set=np.repeat(np.arange(len(fooling_sets)), [len(one) for one in fooling_sets]),
        target=np.concatenate([one.target for one in fooling_sets]),
        run=np.concatenate([one.run for one in fooling_sets]),
        image=np.arange(count) if image is None else image,
        network="lite1",
        origins=[one.origin for one in fooling_sets],
        provenance={},
    )


@pytest.fixture
def make(make_fooling_set):
    def make_imagenet(confidence, **options):
        return make_fooling_set(
            classes=range(len(confidence)), confidence=confidence, dataset="imagenet", channels=3, side=8, **options
        )

    return make_imagenet


def test_only_confident_images_are_chosen_if_there_are_enough(make):
    confidence = np.concatenate([np.full(60, 0.2), np.linspace(0.9, 0.99, IMAGES)])
    choice = choose_diverse(features_of(make(confidence)), confidence)
    assert sorted(choice.rows) == list(range(60, 60 + IMAGES))
    assert choice.rows[0] == 59 + IMAGES
    assert (choice.candidates, choice.confident) == (IMAGES, True)


def test_else_it_chooses_among_the_most_confident(make):
    confidence = np.linspace(0.001, 0.95, 300)
    choice = choose_diverse(features_of(make(confidence)), confidence)
    assert len(set(choice.rows)) == IMAGES
    assert choice.rows.min() >= 300 - CANDIDATES
    assert choice.rows[0] == 299
    assert (choice.candidates, choice.confident) == (CANDIDATES, False)


def test_an_image_that_holds_several_classes_comes_once_with_its_best(make):
    confidence = np.linspace(0.1, 0.8, 60)
    image = np.arange(60) // 3
    choice = choose_diverse(features_of(make(confidence), image=image), confidence)
    assert sorted(choice.rows) == list(range(2, 60, 3))
    assert choice.candidates == 20


def test_images_of_all_runs_are_drawn_with_their_mean_confidence(make):
    sets = [make([0.5, 0.7]), make([0.9, 0.1], run=1)]
    features = features_of(*sets)
    choice = choose_diverse(features, confidence_of(features, sets))
    figure = draw_gallery(features, sets, choice, PAPER)
    shown = [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]
    assert "4 diverse fooling images" in shown
    assert any(text.startswith(("mean confidence 54.99", "mean confidence 55.00")) for text in shown)
    assert any("99.12" in text for text in shown)
    assert any("2 runs against lenet-1" in text for text in shown)
    assert len(figure.axes[0].images) == 4
    table = diverse_table(features, choice)
    assert table.loc[0, ["network", "run", "target", "class_name"]].tolist() == ["lenet-1", 1, 0, "tench"]
    assert table["confidence"].mean() == pytest.approx(0.55)
    assert sorted(zip(table["run"], table["target"], strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_other_sets_than_those_of_the_features_are_told(make):
    sets = [make([0.5, 0.7]), make([0.9, 0.1], run=1)]
    features = features_of(*sets)
    with pytest.raises(FoolingError, match="other fooling sets"):
        confidence_of(features, sets[::-1])
    with pytest.raises(FoolingError, match="of 2 fooling sets, but 1 are given"):
        confidence_of(features, sets[:1])
    mixed = [sets[0], make([0.1, 0.2], method="direct")]
    features = features_of(*mixed)
    choice = choose_diverse(features, confidence_of(features, mixed))
    with pytest.raises(FoolingError, match="differ in encoding"):
        draw_gallery(features, mixed, choice, PAPER)
