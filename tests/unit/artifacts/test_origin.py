from pathlib import Path

import numpy as np
import pytest
from small import small_elites, small_origin

from fooling.artifacts.elites import load_elites, save_elites
from fooling.artifacts.fooling_set import KIND, FoolingSet, load_fooling_set, save_fooling_set
from fooling.artifacts.origin import (
    AscentOrigin,
    AuthorsOrigin,
    EvolutionOrigin,
    parse_evolution_origin,
    parse_origin,
)
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.errors import FoolingError

MILESTONES = [{"run": 0, "target": 2, "top_1": 7, "above_0.9999": None}]
EVOLVED = small_origin(generations=0)
ASCENDED = small_origin(method="ascent", mean=[0.5, 33], milestones=MILESTONES)
PUBLISHED = AuthorsOrigin(
    method="authors_cppn", network="lite0", dataset="imagenet", classes=1000, generations=5000, targets="file_names"
)
ALL = pytest.mark.parametrize("origin", [EVOLVED, ASCENDED, PUBLISHED], ids=["evolution", "ascent", "authors"])


def of_origin(origin) -> FoolingSet:
    """Return a set without images."""
    column = np.zeros(0, np.int64)
    return FoolingSet(np.zeros((0, 1, 4, 4), np.uint8), column, column, column, column, column, origin, {})


def rewrite_origin(path: Path, kind: str, origin: object) -> None:
    header, arrays = load_arrays(path, kind)
    save_arrays(path, kind, header | {"origin": origin}, arrays)


@pytest.fixture
def refused(tmp_path):
    """Return a function that gives the error of a fooling set with this origin in its file."""

    def load(origin: object) -> str:
        path = tmp_path / "fooling_set.npz"
        save_fooling_set(path, of_origin(EVOLVED))
        rewrite_origin(path, KIND, origin)
        with pytest.raises(FoolingError) as told:
            load_fooling_set(path)
        message = str(told.value)
        assert message.startswith(f"{path} does not say where its images come from: ")
        return message.split("come from: ")[1]

    return load


@pytest.mark.parametrize("named", [{}, {"labels": ["a", "b", "c"]}, {"labels": []}])
@ALL
def test_plain_values_are_read_back(origin, named, tmp_path):
    origin = parse_origin(origin.plain() | named, "A test")
    kinds = {"ascent": AscentOrigin, "authors_cppn": AuthorsOrigin}
    assert type(origin) is kinds.get(origin.method, EvolutionOrigin)
    again = parse_origin(origin.plain(), "A test")
    assert again == origin
    assert again.plain() == origin.plain()
    save_fooling_set(tmp_path / "fooling_set.npz", of_origin(origin))
    assert load_fooling_set(tmp_path / "fooling_set.npz").origin == origin


@ALL
def test_labels_are_stored_only_where_they_were_given(origin):
    assert origin.labels == []
    assert "labels" not in origin.plain()
    assert parse_origin(origin.plain() | {"labels": ["plane"]}, "A test").plain()["labels"] == ["plane"]


def test_an_encoding_of_any_name_is_evolution(refused):
    assert isinstance(small_origin(method="another"), EvolutionOrigin)
    assert refused({**ASCENDED.plain(), "method": "another"}).count("there is no such key") == 4


def test_both_kinds_tell_their_set_and_evaluations():
    assert (EVOLVED.ascent_set, EVOLVED.evaluations) == ("", 10)
    assert (ASCENDED.ascent_set, ASCENDED.evaluations) == ("minus_1", 1)


@ALL
def test_a_missing_key_is_named(refused, origin):
    whole = origin.plain()
    for key in whole.keys() - {"method"}:
        assert refused({name: value for name, value in whole.items() if name != key}) == f"{key}: this key is needed."


def test_without_a_method_it_is_evolution_that_misses_one(refused):
    whole = EVOLVED.plain()
    del whole["method"]
    assert refused(whole) == "method: this key is needed."


@ALL
def test_an_unknown_key_is_named(refused, origin):
    assert refused(origin.plain() | {"colour": "red"}) == "colour: there is no such key."


COMMON = {"network": 3, "dataset": None, "classes": 0, "labels": "a"}


@pytest.mark.parametrize(
    ("origin", "wrong"),
    [
        (EVOLVED, COMMON | {"method": ["cppn"], "round": 0, "fitness": "linear", "generations": -1, "batch": 1.5}),
        (ASCENDED, COMMON | {"set": 169, "rule": "none", "mean": 3.0, "milestones": {}}),
        (PUBLISHED, COMMON | {"generations": -1, "targets": "a guess"}),
    ],
    ids=["evolution", "ascent", "authors"],
)
def test_an_ill_typed_value_is_told_with_its_key(refused, origin, wrong):
    assert wrong.keys() >= origin.plain().keys() - {"method"}
    for key, value in wrong.items():
        assert refused(origin.plain() | {key: value}).startswith(f"{key}: ")


def test_a_place_within_a_list_is_told(refused):
    assert refused(ASCENDED.plain() | {"mean": [1.0, "grey"]}).startswith("mean.1: ")
    assert refused(ASCENDED.plain() | {"milestones": [{"top_1": "soon"}]}).startswith("milestones.0.top_1: ")


def test_several_mistakes_are_one_error(refused):
    whole = EVOLVED.plain() | {"round": 0, "colour": "red"}
    del whole["network"]
    message = refused(whole)
    for key in ("network", "round", "colour"):
        assert f"{key}: " in message


def test_what_is_no_table_of_keys_is_a_sentence():
    with pytest.raises(FoolingError, match=r"^A set does not say .*: should be a table of keys and values"):
        parse_origin("cppn", "A set")


def test_a_set_of_the_other_kind_is_a_sentence():
    evolved, ascended, published = of_origin(EVOLVED), of_origin(ASCENDED), of_origin(PUBLISHED)
    assert evolved.evolution is EVOLVED
    assert ascended.ascent is ASCENDED
    with pytest.raises(FoolingError, match=r"^A fooling set of gradient ascent is given where one of evolution is"):
        _ = ascended.evolution
    with pytest.raises(FoolingError, match=r"^A fooling set of evolution \(cppn\) is given where one of gradient asc"):
        _ = evolved.ascent
    with pytest.raises(FoolingError, match=r"^A fooling set of the authors' published images is given where one of ev"):
        _ = published.evolution
    with pytest.raises(FoolingError, match=r"^A fooling set of the authors' published images is given where one of gr"):
        _ = published.ascent


def test_elites_of_ascent_are_refused(tmp_path):
    assert parse_evolution_origin(EVOLVED.plain(), "A test") == EVOLVED
    path = tmp_path / "elites.npz"
    save_elites(path, small_elites([(0, 0, 0, -1, -1)], [0]))
    rewrite_origin(path, "file of elites", ASCENDED.plain())
    with pytest.raises(FoolingError, match=r"elites\.npz is of gradient ascent, but one of evolution is needed here"):
        load_elites(path)


def test_an_origin_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        EVOLVED.network = "lenet-2"
