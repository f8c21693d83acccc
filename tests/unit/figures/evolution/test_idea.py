import dataclasses

import numpy as np
import pandas as pd
import pytest
from small import small_origin

from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage
from fooling.figures.evolution.idea import choose_fooling, choose_natural, choose_pair, draw_idea
from fooling.figures.parts.captioned import Captioned

ORIGIN = small_origin(network="lite0", dataset="imagenet")
ROWS = [
    (0, 0, 3, -1, -1),
    (0, 1, 4, -1, -1),
    (0, 2, 5, -1, -1),
    (1, 1, 10, 3, 0),  # its parent still holds class 0
    (2, 2, 20, 4, 1),  # its parent holds nothing any more
]
NATURAL = Captioned(np.zeros((3, 256, 256), dtype=np.uint8), "cannon", 0.98)


def lineage(rows=ROWS, elites=(3, 10, 20)):
    return Lineage(*np.array(rows).T, elites=np.array(elites), run=0, origin=ORIGIN)


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]


def natural_table():
    return pd.DataFrame(
        {
            "source": "photographs",
            "network": ["lite0", "lite0", "lite0", "lite1"],
            "image": ["a.jpg", "b.jpg", "c.jpg", "d.jpg"],
            "label": [1.0, 2, 3, 4],
            "top_confidence": [0.7, 0.99, 0.8, 0.999],
            "right": [1.0, 0, 1, 1],
        }
    )


def test_the_photograph_is_the_surest_of_those_labelled_rightly():
    assert choose_natural(natural_table(), "lite0")["image"] == "c.jpg"
    assert choose_natural(natural_table(), "lite1")["image"] == "d.jpg"


def test_a_network_that_was_not_asked_is_named():
    with pytest.raises(FoolingError, match="labelled rightly by lite2"):
        choose_natural(natural_table(), "lite2")


def test_an_image_of_one_colour_is_never_chosen(make_fooling_set):
    final = make_fooling_set(confidence=[0.7, 0.9, 0.8], channels=3)
    assert choose_fooling(final) == 1
    final.images[1] = np.array([10, 20, 30])[:, None, None]
    assert choose_fooling(final) == 2
    final.images[:] = 7
    with pytest.raises(FoolingError, match="one colour throughout"):
        choose_fooling(final)


def test_the_parent_of_the_pair_still_holds_the_class_it_was_drawn_from(make_fooling_set):
    final = make_fooling_set(confidence=[0.7, 0.8, 0.9], channels=3)
    assert choose_pair(lineage(), final) == (1, 0)
    assert choose_pair(lineage(ROWS[:3], (3, 4, 5)), final) is None


def test_both_verdicts_and_the_scale_are_written(make_fooling_set):
    fooling_set = make_fooling_set(confidence=[0.7, 0.8, 0.91], channels=3)
    found = texts(draw_idea(NATURAL, fooling_set, lineage(), "Lite zero"))
    assert {"cannon", "98.00\u2009%", "91.00\u2009%"} <= set(found)
    assert found.count("Lite zero") == 3
    assert "10 children \u00d7 20 generations" in found[1]
    assert "400 \u00d7 5,000" in found[1]
    assert any("goldfish" in text and "80.00" in text for text in found)


def test_a_parent_that_is_gone_is_an_empty_frame(make_fooling_set):
    fooling_set = make_fooling_set(channels=3)
    whole = draw_idea(NATURAL, fooling_set, lineage(), "Lite0").axes[0]
    without = draw_idea(NATURAL, fooling_set, lineage(ROWS[:3], (3, 4, 5)), "Lite0").axes[0]
    assert len(without.images) == len(whole.images) - 1


def test_a_fooling_set_of_another_run_is_a_mistake(make_fooling_set):
    with pytest.raises(FoolingError, match="different runs"):
        draw_idea(NATURAL, make_fooling_set(run=1, channels=3), lineage(), "Lite0")
    with pytest.raises(FoolingError, match="different runs"):
        draw_idea(NATURAL, make_fooling_set(classes=(0, 1), channels=3), lineage(), "Lite0")


def test_equal_inputs_give_an_equal_picture(make_fooling_set, tmp_path):
    fooling_set = dataclasses.replace(make_fooling_set(channels=3))
    for name in ("one.png", "two.png"):
        draw_idea(NATURAL, fooling_set, lineage(), "Lite0").savefig(tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
