from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet, join
from fooling.data.datasets import Dataset, first_classes
from fooling.errors import FoolingError
from fooling.training.fooling_class import sample_fooling_class, with_fooling_class


def a_round(pixels: np.ndarray, runs: int, number: int = 1, side: int = 4) -> FoolingSet:
    """Return runs with three classes, generation 0 before 9, of the grey values `pixels`."""
    images = np.broadcast_to(pixels.astype(np.uint8)[:, None, None, None], (len(pixels), 1, side, side)).copy()
    return FoolingSet(
        images=images,
        target=np.tile([0, 1, 2], 2 * runs),
        log_confidence=np.full(len(pixels), -0.1, np.float32),
        generation=np.tile(np.repeat([0, 9], 3), runs),
        born=np.zeros(len(pixels), np.int64),
        run=np.repeat(np.arange(runs), 6),
        origin=small_origin(round=number),
        provenance={},
    )


def drawn(evolved: FoolingSet, images: int, seed: int = 0) -> FoolingSet:
    return sample_fooling_class(evolved, images, np.random.default_rng(seed))


def test_half_of_the_images_come_from_either_generation() -> None:
    evolved = a_round(np.arange(60), runs=10)
    sample = drawn(evolved, 21)
    assert np.bincount(sample.generation, minlength=10)[[0, 9]].tolist() == [10, 11]
    assert len({image.tobytes() for image in sample.images}) == 21
    assert drawn(evolved, 21).images.tobytes() == sample.images.tobytes()
    assert drawn(evolved, 21, seed=1).images.tobytes() != sample.images.tobytes()


def test_elites_of_generations_between_are_left_out() -> None:
    evolved = a_round(np.arange(60), runs=10)
    between = replace(evolved, generation=np.where(evolved.generation == 9, 5, evolved.generation))
    three = join([evolved, between])
    assert drawn(three, 60).images.tobytes() == drawn(evolved, 60).images.tobytes()


@given(st.lists(st.integers(0, 12), min_size=24, max_size=24), st.data())
def test_images_are_different_and_of_the_round(pixels, data) -> None:
    evolved = a_round(np.array(pixels), runs=4)
    different = len(set(pixels))
    first = {p for p, g in zip(pixels, evolved.generation, strict=True) if g == 0}
    new = different - len(first)
    possible = [count for count in range(1, different + 1) if count - min(count // 2, len(first)) <= new]
    assume(possible)
    images = data.draw(st.sampled_from(possible))
    sample = drawn(evolved, images)
    greys = sample.images[:, 0, 0, 0].tolist()
    assert len(set(greys)) == len(greys) == images
    assert set(greys) <= set(pixels)
    from_first = sum(grey in first for grey in greys)
    # A surviving image counts as one of the first generation, which never gives more than half.
    assert from_first == min(images // 2, len(first))


def test_too_few_or_no_images_are_a_sentence() -> None:
    evolved = a_round(np.tile([1, 2, 3], 4), runs=2)
    with pytest.raises(
        FoolingError, match=r"5 different images are asked for, .* 3 of the first generation and 0 more"
    ):
        drawn(evolved, 5)
    with pytest.raises(FoolingError, match="is empty; evolve it again"):
        drawn(evolved.select(np.arange(0)), 2)


@pytest.fixture
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (30, 1, 4, 4), dtype=np.uint8)
    return Dataset(images, np.arange(30) % 3, images[:6], np.arange(6) % 3, classes=3)


def test_the_fooling_class_is_the_last_and_has_all_rounds(dataset) -> None:
    rounds = [a_round(np.arange(12), 2), a_round(np.arange(20, 26), 1, number=2)]
    more = with_fooling_class(dataset, "mnist", rounds)
    assert more.classes == 4
    assert more.fooling_rounds == 2
    np.testing.assert_array_equal(more.train_labels, [*dataset.train_labels, *[3] * 18])
    np.testing.assert_array_equal(more.train_images[:30], dataset.train_images)
    np.testing.assert_array_equal(more.train_images[30:], np.concatenate([each.images for each in rounds]))
    np.testing.assert_array_equal(more.test_labels, dataset.test_labels)


def test_sets_that_do_not_fit_are_sentences(dataset) -> None:
    first, second = a_round(np.arange(6), 1), a_round(np.arange(6), 1, number=2)
    with pytest.raises(FoolingError, match="number 1 is of round 2"):
        with_fooling_class(dataset, "mnist", [second, first])
    with pytest.raises(FoolingError, match="number 2 is of round 1"):
        with_fooling_class(dataset, "mnist", [first, first])
    with pytest.raises(FoolingError, match="of round 1 is empty"):
        with_fooling_class(dataset, "mnist", [first.select(np.arange(0))])
    with pytest.raises(FoolingError, match=r"images of the shape \(1, 5, 5\), but those of mnist have \(1, 4, 4\)"):
        with_fooling_class(dataset, "mnist", [a_round(np.arange(6), 1, side=5)])
    with pytest.raises(FoolingError, match="aims at the 10 classes of mnist, but the network learns the 3 of mnist"):
        with_fooling_class(dataset, "mnist", [replace(first, origin=first.origin.model_copy(update={"classes": 10}))])
    with pytest.raises(FoolingError, match="3 classes of mnist, but the network learns the 3 of cifar10"):
        with_fooling_class(dataset, "cifar10", [first])


def test_the_first_classes_of_a_data_set(dataset) -> None:
    two = first_classes(dataset, 2)
    assert two.classes == 2
    assert set(two.train_labels) == set(two.test_labels) == {0, 1}
    np.testing.assert_array_equal(two.train_images, dataset.train_images[dataset.train_labels < 2])
    assert first_classes(dataset, None) is dataset
    with pytest.raises(FoolingError, match="4 classes are asked for, but the data set has 3"):
        first_classes(dataset, 4)
