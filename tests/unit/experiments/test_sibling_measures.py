import itertools

import numpy as np
import pytest

from fooling.data.imagenet.classes import imagenet_classes, kinds_of
from fooling.errors import FoolingError
from fooling.experiments.siblings import SMALL, families, sibling_likeness


def random_runs(generator, runs=3, classes=7, dimensions=4):
    directions = generator.normal(size=(runs, classes, dimensions))
    return directions / np.linalg.norm(directions, axis=2, keepdims=True)


def slow_likeness(directions, image, pairs, *, different_images):
    """Return pairs that count, mean likeness within and between runs, by the definition."""
    runs, counting, within, between = len(directions), set(), [], []
    for run, (a, b) in itertools.product(range(runs), pairs):
        if different_images and image[run, a] == image[run, b]:
            continue
        counting.add((a, b))
        within.append(directions[run, a] @ directions[run, b])
        others = [other for other in range(runs) if other != run]
        between.append(
            np.mean([directions[run, a] @ directions[s, b] + directions[s, a] @ directions[run, b] for s in others]) / 2
        )
    return len(counting), np.mean(within), np.mean(between)


@pytest.mark.parametrize("different_images", [False, True])
def test_it_is_what_the_definition_says(different_images):
    generator = np.random.default_rng(1)
    directions = random_runs(generator)
    family = np.array([0, 0, 0, 1, 1, 2, 0])
    image = np.arange(21).reshape(3, 7)
    image[:, 1] = image[:, 0]
    image[1, 4] = image[1, 2]
    for run, (a, b) in {(0, (0, 1)), (1, (0, 1)), (2, (0, 1)), (1, (2, 4))}:
        directions[run, b] = directions[run, a]
    pairs = list(itertools.combinations(range(7), 2))
    both = sibling_likeness(directions, image, family, np.random.default_rng(0), different_images=different_images)
    shares = (3 / 21, 1 / 42)  # of 7 pairs of siblings in three runs, and of 14 others
    for likeness, siblings, share in zip(both, (True, False), shares, strict=True):
        kept = [(a, b) for a, b in pairs if (family[a] == family[b]) == siblings]
        count, within, between = slow_likeness(directions, image, kept, different_images=different_images)
        assert likeness.pairs == count
        assert likeness.same_image == pytest.approx(share)
        assert (likeness.within, likeness.between) == pytest.approx((within, between))
        assert likeness.difference.value == pytest.approx(within - between)
    assert both[0].excess.value == pytest.approx(both[0].difference.value - both[1].difference.value)
    assert both[1].excess.value == both[1].excess.low == both[1].excess.high == 0


def test_what_siblings_share_within_a_run_is_found():
    """Each family of each run has its own direction; by construction likeness is 1 within and near 0 elsewhere."""
    family = np.repeat(np.arange(30), 3)
    directions = random_runs(np.random.default_rng(2), 2, 30, 200)[:, family]
    siblings, others = sibling_likeness(directions, np.arange(180).reshape(2, 90), family, np.random.default_rng(0))
    assert siblings.within == pytest.approx(1)
    assert abs(siblings.between) < 0.05
    assert siblings.excess.low > 0.9
    assert abs(others.difference.value) < 0.02
    assert siblings.difference.low <= siblings.difference.value <= siblings.difference.high


def test_where_siblings_are_like_others_the_interval_holds_zero_as_often_as_it_says():
    family = np.repeat(np.arange(40), 3)
    held = 0
    for seed in range(40):
        directions = random_runs(np.random.default_rng(seed), 2, 120, 5)
        siblings, _ = sibling_likeness(directions, np.arange(240).reshape(2, 120), family, np.random.default_rng(0))
        held += siblings.excess.low <= 0 <= siblings.excess.high
    assert held >= 34  # 38 expected; fewer than 34 has a chance below one in a hundred


def test_equal_seeds_give_equal_intervals():
    directions, image = random_runs(np.random.default_rng(3)), np.arange(21).reshape(3, 7)
    family = np.array([0, 0, 0, 1, 1, 2, 3])
    first, second = (sibling_likeness(directions, image, family, np.random.default_rng(5)) for _ in range(2))
    assert first == second


def test_too_little_to_compare_is_told():
    generator = np.random.default_rng(0)
    with pytest.raises(FoolingError, match="needs two runs"):
        sibling_likeness(random_runs(generator, 1), np.arange(7)[None], np.zeros(7, dtype=int), generator)
    for family in (np.arange(7), np.zeros(7, dtype=int)):
        with pytest.raises(FoolingError, match="no pair of sibling classes"):
            sibling_likeness(random_runs(generator), np.arange(21).reshape(3, 7), family, generator)


def test_a_family_is_a_small_hypernym_or_a_closest_one():
    few = [("thing", "dog", f"breed {number}") for number in range(3)]
    many = [("thing", "car", make) for make in ["a"] * 5 + ["b"] * 8]
    thirteen = [("thing", "spoon")] * (SMALL + 1)
    numbers = families([*few, *many, *thirteen])
    assert len(set(numbers[:3])) == 1  # three dogs, whatever their breed
    assert len(set(numbers[3:8])) == len(set(numbers[8:16])) == 1  # too many cars: by make
    assert len(set(numbers[16:])) == 1  # however many, they share their closest
    assert len(set(numbers)) == 4


def test_lizards_and_toy_dogs_are_families():
    family = families([kind.hypernyms for kind in imagenet_classes()])
    for hypernym in ("lizard", "toy dog"):
        (number,) = set(family[kinds_of(hypernym)])
        assert np.flatnonzero(family == number).tolist() == kinds_of(hypernym)
