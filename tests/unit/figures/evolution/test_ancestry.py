import dataclasses

import numpy as np
import pytest
from small import small_origin

from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage
from fooling.figures.evolution.ancestry import MOST_CLASSES, choose_champion, draw_ancestry


def lineage(rows, elites, **origin):
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Lineage(*columns, elites=np.array(elites), run=0, origin=small_origin(**origin))


def chain(classes):
    """A run in which each class's elite is the child of the class before it."""
    rows = [(0, cell, cell, -1, -1) for cell in range(classes)]
    rows += [(cell, cell, 10 * cell, 10 * (cell - 1), cell - 1) for cell in range(1, classes)]
    return lineage(rows, [10 * cell for cell in range(classes)], generations=classes)


@pytest.fixture
def make_run(make_fooling_set):
    """Return a factory of a chain and its fooling set."""

    def make(classes, confidence=0.99995, **looks):
        fooling_set = make_fooling_set(classes=range(classes), confidence=confidence, generation=classes, **looks)
        return chain(classes), dataclasses.replace(fooling_set, born=np.arange(classes))

    return make


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]


def test_the_most_travelled_of_the_most_confident_is_shown(make_run):
    confidence = np.full(12, 0.9)
    confidence[11] = 0.5  # the longest ancestry of all, but not among the ten most confident
    confidence[9] = 0.95
    record, fooling_set = make_run(12, confidence)
    champion = choose_champion(record, fooling_set)
    assert champion.cell == 9
    assert record.cell[champion.rows].tolist() == list(range(10))


def test_of_equal_ancestries_the_more_confident_is_shown(make_fooling_set):
    record = lineage([(0, cell, cell, -1, -1) for cell in range(3)], [0, 1, 2])
    fooling_set = make_fooling_set(confidence=[0.5, 0.9, 0.7])
    assert choose_champion(record, fooling_set).cell == 1


def test_classes_are_listed_in_the_order_in_which_they_were_held(make_run):
    figure = draw_ancestry(*make_run(4))
    found = texts(figure)
    assert found[0] == "Where the image for \u201c3\u201d comes from"
    assert [text for text in found if text in {"0", "1", "2", "3"}][:4] == ["0", "1", "2", "3"]
    assert {"ancestors: 3", "classes on the way: 4", "goal switches: 3"} <= set(found)
    assert "10 children" in found[1]
    assert "4 generations" in found[1]


def test_each_known_ancestor_is_seen_once_and_the_champion_is_large(make_run):
    images = draw_ancestry(*make_run(4)).axes[0].images
    assert len(images) == 5
    widths = [image.get_extent()[1] - image.get_extent()[0] for image in images]
    assert max(widths) == pytest.approx(widths[-1])


def test_unknown_ancestors_are_dots(make_run):
    record, fooling_set = make_run(4)
    only_last = fooling_set.select(fooling_set.target == 3)
    axes = draw_ancestry(record, only_last).axes[0]
    assert len(axes.images) == 2
    assert sum(line.get_marker() == "o" for line in axes.lines) == 3


def test_of_a_long_ancestry_the_last_part_is_drawn(make_run):
    record, fooling_set = make_run(MOST_CLASSES + 5, np.linspace(0.9, 0.99, MOST_CLASSES + 5), side=8)
    found = texts(draw_ancestry(record, fooling_set))
    assert "the first 5 ancestors are left out" in found[2]
    assert f"classes on the way: {MOST_CLASSES + 5}" in found


def test_imagenet_s_classes_have_names_and_the_paper_s_scale(make_run):
    record, fooling_set = make_run(3, channels=3)
    record = dataclasses.replace(record, origin=record.origin.model_copy(update={"dataset": "imagenet"}))
    found = texts(draw_ancestry(record, fooling_set))
    assert "goldfish" in found
    assert "400 \u00d7 5,000, 5 runs, CaffeNet" in found[1]


def test_a_fooling_set_of_another_run_is_a_mistake(make_run):
    record, fooling_set = make_run(4)
    with pytest.raises(FoolingError, match="different runs"):
        draw_ancestry(record, dataclasses.replace(fooling_set, born=fooling_set.born + 1))
