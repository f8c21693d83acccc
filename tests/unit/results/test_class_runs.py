import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.results.class_runs import gather_class_runs


def test_runs_are_gathered_by_encoding_and_network(make_fooling_set):
    sets = [
        make_fooling_set(run=0, confidence=[0.1, 0.2, 0.9]),
        make_fooling_set(run=0, network="lenet-2"),
        make_fooling_set(run=1, confidence=[0.3, 0.8, 0.5]),
        make_fooling_set(run=2, confidence=[0.2, 0.9, 0.95]),
        make_fooling_set(run=0, method="direct"),
    ]
    first, other, direct = gather_class_runs(iter(sets))
    assert [(runs.method, runs.network, runs.seeds) for runs in (first, other, direct)] == [
        ("cppn", "lenet-1", [0, 1, 2]),
        ("cppn", "lenet-2", [0]),
        ("direct", "lenet-1", [0]),
    ]
    np.testing.assert_allclose(first.median, [0.2, 0.8, 0.9], rtol=1e-6)
    assert [first.reaching(confidence) for confidence in (0.1, 0.5, 0.85, 0.99)] == [3, 2, 1, 0]
    assert first.scale == "3 runs of 20 generations \N{MULTIPLICATION SIGN} 10 children"


def test_classes_are_ordered_and_several_runs_of_one_set_told_apart(make_fooling_set):
    fooling_set = make_fooling_set(classes=(2, 1, 0, 0, 1, 2), confidence=[0.2, 0.1, 0.05, 0.5, 0.6, 0.7])
    fooling_set.run[3:] = 1
    (runs,) = gather_class_runs([fooling_set])
    assert runs.target.tolist() == [0, 1, 2]
    np.testing.assert_allclose(runs.confidence, [[0.05, 0.1, 0.2], [0.5, 0.6, 0.7]], rtol=1e-6)


def test_an_image_that_holds_several_classes_counts_once(make_fooling_set):
    fooling_set = make_fooling_set(classes=(0, 1, 2, 3))
    fooling_set.images[2] = fooling_set.images[0]
    (runs,) = gather_class_runs([fooling_set])
    assert runs.distinct == [3]


def test_dogs_and_cats_are_those_of_imagenet(make_fooling_set):
    (runs,) = gather_class_runs([make_fooling_set(classes=(0, 151, 281, 999), dataset="imagenet")])
    assert runs.kinds("dog", "cat").tolist() == [False, True, True, False]
    assert runs.kinds("cat").tolist() == [False, False, True, False]
    (digits,) = gather_class_runs([make_fooling_set(classes=(0, 151))])
    assert not digits.kinds("dog").any()


def test_runs_that_do_not_fit_together_are_told(make_fooling_set):
    cases = {
        "no runs of evolution": [],
        "twice": [make_fooling_set(), make_fooling_set()],
        "different scale": [make_fooling_set(), make_fooling_set(run=1, generations=30)],
        "different classes": [make_fooling_set(), make_fooling_set(run=1, classes=(0, 1, 3))],
        "two final images": [make_fooling_set(classes=(0, 1, 1))],
    }
    for message, sets in cases.items():
        with pytest.raises(FoolingError, match=message):
            gather_class_runs(sets)


def test_ascent_is_refused(make_fooling_set):
    with pytest.raises(FoolingError, match="of gradient ascent is given where one of evolution is needed"):
        gather_class_runs([make_fooling_set(method="ascent")])
