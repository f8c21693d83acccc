from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import small_elites, small_origin

from fooling.artifacts.elites import save_elites
from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage, find_images, lineage_of, load_lineage

ROWS = [
    # generation, cell, individual, parent, parent_cell; ten children in a generation
    (0, 0, 3, -1, -1),
    (0, 1, 3, -1, -1),  # individual 3 holds cells 0 and 1
    (0, 2, 5, -1, -1),
    (1, 1, 10, 3, 0),  # a switch from cell 0, but its parent held cell 1 as well
    (1, 2, 11, 5, 2),  # no switch
    (2, 2, 20, 10, 1),  # a switch, and a conquest
    (3, 0, 30, 20, 2),  # likewise
    (3, 1, 30, 20, 2),  # the same child takes a second cell
]
ELITES = [30, 30, 20]


def make(rows: list[tuple[int, ...]] = ROWS, elites: list[int] = ELITES) -> Lineage:
    return lineage_of(small_elites(rows, elites))


def test_switches_and_conquests_are_told_apart() -> None:
    lineage = make()
    assert np.flatnonzero(lineage.later).tolist() == [3, 4, 5, 6, 7]
    assert np.flatnonzero(lineage.switched).tolist() == [3, 5, 6, 7]
    assert np.flatnonzero(lineage.conquered).tolist() == [5, 6, 7]
    assert lineage.replaced.tolist() == [-1, -1, -1, 3, 5, 11, 3, 10]


def test_an_ancestry_goes_through_the_classes_that_parents_were_drawn_from() -> None:
    lineage = make()
    assert lineage.ancestry(0).tolist() == [0, 3, 5, 6]
    assert lineage.ancestry(1).tolist() == [0, 3, 5, 7]
    assert lineage.ancestry(2).tolist() == [0, 3, 5]
    assert lineage.cell[lineage.ancestry(0)].tolist() == [0, 1, 2, 0]


def test_an_ancestor_of_the_initial_population_stands_alone() -> None:
    lineage = make([(0, 0, 7, -1, -1)], [7])
    assert lineage.ancestry(0).tolist() == [0]
    assert not lineage.switched.any()


def test_an_empty_class_has_no_ancestry() -> None:
    with pytest.raises(FoolingError, match="Class 1 has no elite"):
        make([(0, 0, 7, -1, -1)], [7, -1]).ancestry(1)


@pytest.mark.parametrize("bad", [(4, 0, 40, 99, 0), (4, 0, 40, 20, 1), (4, 0, 40, 40, 0)])
def test_a_parent_that_was_no_elite_there_and_then_is_a_mistake(bad: tuple[int, ...]) -> None:
    with pytest.raises(FoolingError, match="never elites"):
        make([*ROWS, bad], [40, 30, 20]).ancestry(0)


def test_holders_are_those_after_a_generation() -> None:
    lineage = make()
    assert lineage.holders(0).tolist() == [0, 1, 2]
    assert lineage.holders(1).tolist() == [0, 3, 4]
    assert lineage.holders(3).tolist() == [6, 7, 5]


@st.composite
def runs(draw: st.DrawFn) -> Lineage:
    """A run in which cells, parents and children are drawn at random, recorded as MAP-Elites does."""
    cells, batch = draw(st.integers(1, 5)), 4
    elites = draw(st.lists(st.integers(0, batch - 1), min_size=cells, max_size=cells))
    rows = [(0, cell, elite, -1, -1) for cell, elite in enumerate(elites)]
    for generation in range(1, draw(st.integers(1, 12))):
        parents = draw(st.lists(st.integers(0, cells - 1), min_size=batch, max_size=batch))
        taken = draw(st.dictionaries(st.integers(0, cells - 1), st.integers(0, batch - 1)))
        before = list(elites)
        for cell, child in sorted(taken.items()):
            elites[cell] = generation * batch + child
            rows.append((generation, cell, elites[cell], before[parents[child]], parents[child]))
    return make(rows, elites)


@given(runs())
def test_ancestries_lead_back_to_the_initial_population(lineage: Lineage) -> None:
    for cell, elite in enumerate(lineage.elites.tolist()):
        rows = lineage.ancestry(cell)
        assert (np.diff(lineage.generation[rows]) > 0).all()
        assert lineage.generation[rows[0]] == 0
        assert (lineage.individual[rows[-1]], lineage.cell[rows[-1]]) == (elite, cell)
        np.testing.assert_array_equal(lineage.parent[rows[1:]], lineage.individual[rows[:-1]])
        np.testing.assert_array_equal(lineage.parent_cell[rows[1:]], lineage.cell[rows[:-1]])
    assert not (lineage.conquered & ~lineage.switched).any()


def test_a_lineage_is_read_back(tmp_path: Path) -> None:
    save_elites(tmp_path / "elites.npz", small_elites(ROWS, ELITES))
    lineage = load_lineage(tmp_path / "elites.npz")
    assert lineage.ancestry(1).tolist() == [0, 3, 5, 7]
    assert lineage.run == 0


@pytest.mark.parametrize("rows", [ROWS[:-1], [], [ROWS[3], *ROWS], [*ROWS[:-1], (3, 3, 30, 20, 2)]])
def test_a_lineage_that_does_not_fit_its_elites_is_damaged(tmp_path: Path, rows: list[tuple[int, ...]]) -> None:
    save_elites(tmp_path / "elites.npz", small_elites(rows, ELITES))
    with pytest.raises(FoolingError, match="damaged: its parts do not fit together"):
        load_lineage(tmp_path / "elites.npz")


def test_elites_without_lineage_are_of_another_version(tmp_path: Path) -> None:
    arrays = {"fitness": np.zeros(3, np.float32), "individual": np.arange(3)}
    save_arrays(tmp_path / "elites.npz", "file of elites", {"run": 0, "origin": {}, "provenance": {}}, arrays)
    with pytest.raises(FoolingError, match="lacks 'lineage/generation' and is no file of elites of this version"):
        load_lineage(tmp_path / "elites.npz")


def fooling_set(generation: list[int], target: list[int], born: list[int]) -> FoolingSet:
    count = len(target)
    return FoolingSet(
        images=np.zeros((count, 1, 4, 4), dtype=np.uint8),
        target=np.array(target),
        log_confidence=np.zeros(count, dtype=np.float32),
        generation=np.array(generation),
        born=np.array(born),
        run=np.zeros(count, dtype=np.int64),
        origin=small_origin(),
        provenance={},
    )


def test_images_are_known_of_those_that_held_a_class_at_a_snapshot() -> None:
    images = fooling_set([0, 0, 0, 3, 3, 3], [0, 1, 2, 0, 1, 2], [0, 0, 0, 3, 3, 2])
    assert find_images(make(), images) == {3: 1, 5: 2, 30: 4, 20: 5}


@pytest.mark.parametrize(("target", "born"), [([0, 1, 2], [3, 3, 3]), ([0, 1, 3], [3, 3, 2])])
def test_a_fooling_set_of_another_run_is_a_mistake(target: list[int], born: list[int]) -> None:
    with pytest.raises(FoolingError, match="different runs"):
        find_images(make(), fooling_set([3, 3, 3], target, born))
