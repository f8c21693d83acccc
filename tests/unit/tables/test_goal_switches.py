import numpy as np
import pandas as pd
import pytest
from small import small_origin

from fooling.evolution.lineage import Lineage
from fooling.tables.goal_switches import goal_switch_html, goal_switch_table

ROWS = [
    (0, 0, 3, -1, -1),
    (0, 1, 3, -1, -1),
    (0, 2, 5, -1, -1),
    (1, 1, 10, 3, 0),  # drawn from class 0, but held class 1 as well
    (1, 2, 11, 5, 2),
    (2, 2, 20, 10, 1),
    (3, 0, 30, 20, 2),
    (3, 1, 30, 20, 2),
]


def lineage(rows=ROWS, elites=(30, 30, 20), **origin):
    told = small_origin(**{"generations": 3} | origin)
    return Lineage(*np.array(rows).T, elites=np.array(elites), run=4, origin=told)


def test_a_run_is_summed_up():
    row = goal_switch_table([lineage()]).to_dict("records")[0]
    assert (row["run"], row["children"], row["classes"]) == (4, 10, 3)
    assert row["replacements"] == 5
    assert row["goal_switches"] == pytest.approx(4 / 5)
    assert row["conquests"] == pytest.approx(3 / 5)
    assert row["unrelated"] == pytest.approx(2 / 3)
    assert row["distinct_elites"] == 2
    assert (row["median_ancestors"], row["most_ancestors"]) == (3, 3)
    assert (row["median_switches"], row["most_switches"]) == (3, 3)
    assert (row["median_path_classes"], row["most_path_classes"]) == (3, 3)
    assert row["classes_with_switch"] == 1


def test_a_run_that_never_replaced_anything_has_no_share():
    table = goal_switch_table([lineage(ROWS[:3], (3, 3, 5))])
    assert pd.isna(table["goal_switches"][0])
    assert table["most_ancestors"][0] == 0
    assert "\N{EN DASH}" in goal_switch_html(table)


def test_the_page_tells_the_scales():
    table = goal_switch_table([lineage(), lineage(dataset="imagenet", method="direct", generations=40)])
    page = goal_switch_html(table)
    assert "80.0" in page
    assert "60.0" in page
    assert "CPPN encoding: 3 generations \u00d7 10 children" in page
    assert "direct encoding: 40 generations" in page
    assert "200 children \u00d7 20,000 generations" in page
