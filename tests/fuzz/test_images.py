"""Any images: a fooling set and its PNGs hold exactly them, and a classifier judges each by itself."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fooling.artifacts.fooling_set import (
    COLUMNS,
    FoolingSet,
    load_fooling_set,
    save_fooling_set,
)
from fooling.artifacts.origin import AscentOrigin, AuthorsOrigin, EvolutionOrigin
from fooling.artifacts.pngs import export_pngs, read_pngs
from fooling.networks.classifier import NetworkClassifier, score_distinct
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing

WHOLE = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
COMMON = {"network": TEXTS, "dataset": TEXTS, "classes": st.integers(1)}
LABELS = {"labels": st.lists(TEXTS, max_size=3)}
EVOLUTION = COMMON | {
    "method": TEXTS,
    "round": st.integers(1),
    "fitness": st.sampled_from(["float32", "log"]),
    "generations": st.integers(0),
    "batch": st.integers(1),
}
ASCENT = COMMON | {
    "method": st.just("ascent"),
    "set": TEXTS,
    "rule": st.sampled_from(["progress", "fixed_length"]),
    "mean": st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    "milestones": st.lists(st.dictionaries(TEXTS, st.none() | WHOLE, max_size=3), max_size=3),
}
AUTHORS = COMMON | {
    "method": st.just("authors_cppn"),
    "generations": st.integers(0),
    "targets": st.sampled_from(["file_names", "first_choice"]),
}
ORIGINS = st.one_of(
    st.fixed_dictionaries(values, optional=LABELS).map(kind.model_validate)
    for kind, values in ((EvolutionOrigin, EVOLUTION), (AscentOrigin, ASCENT), (AuthorsOrigin, AUTHORS))
)


@st.composite
def fooling_sets(draw: st.DrawFn) -> FoolingSet:
    count = draw(st.integers(0, 5))
    shape = (count, draw(st.sampled_from([1, 3])), draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    column = hnp.arrays(np.int64, count, elements=st.integers(0, 2**40))
    return FoolingSet(
        images=draw(hnp.arrays(np.uint8, shape)),
        target=draw(hnp.arrays(np.int64, count, elements=st.integers(0, 5000), unique=True)),
        log_confidence=draw(hnp.arrays(np.float32, count, elements=st.floats(max_value=0, width=32, allow_nan=False))),
        generation=draw(column),
        born=draw(column),
        run=draw(column),
        origin=draw(ORIGINS),
        provenance=draw(st.dictionaries(TEXTS, PLAIN, max_size=3)),
    )


@given(fooling_sets())
def test_a_fooling_set_and_its_pngs_are_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, fooling_set: FoolingSet
) -> None:
    folder: Path = tmp_path_factory.mktemp("set")
    save_fooling_set(folder / "set.npz", fooling_set)
    read = load_fooling_set(folder / "set.npz")
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(read, name), getattr(fooling_set, name), strict=True)
    assert (read.origin, read.provenance) == (fooling_set.origin, fooling_set.provenance)
    if len(read):
        np.testing.assert_array_equal(read_pngs(export_pngs(read, folder)), fooling_set.images, strict=True)


@pytest.fixture(scope="module")
def classifier() -> NetworkClassifier:
    network = LeNet()
    network.initialise(torch.Generator().manual_seed(1))
    trained = TrainedNetwork("lenet", network, Preprocessing(torch.zeros(1), 1 / 32), "mnist", 10, (1, 28, 28))
    return NetworkClassifier(trained, torch.device("cpu"), batch_size=3)


IMAGES = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 8), st.just(1), st.just(28), st.just(28)), fill=st.integers(0, 255)
)


@settings(max_examples=30)
@given(images=IMAGES)
def test_any_image_gets_log_confidences_that_sum_to_one_whatever_is_beside_it(
    classifier: NetworkClassifier, images: np.ndarray
) -> None:
    scores = score_distinct(classifier, images)
    assert scores.shape == (len(images), 10)
    assert (scores <= 0).all()
    np.testing.assert_allclose(np.exp(scores.astype(np.float64)).sum(axis=1), 1, rtol=1e-5)
    reversed_scores = score_distinct(classifier, images[::-1].copy())[::-1]
    np.testing.assert_allclose(reversed_scores, scores, rtol=1e-4, atol=1e-5)
