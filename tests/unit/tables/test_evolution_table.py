import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.tables.evolution import evolution_html, evolution_table


def history(median: list[float], lowest: list[float], replacements: list[int], switches: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "generation": np.arange(len(median)),
            "median_confidence": median,
            "min_confidence": lowest,
            "replacements": replacements,
            "goal_switches": switches,
        }
    )


REACHED = history([0.5, 0.9999, 0.99995], [0.1, 0.98, 0.99], [3, 2, 2], [0, 2, 1])
FAILED = history([0.5, 0.6, 0.7], [0.1, 0.1, 0.1], [3, 0, 0], [0, 0, 0])


def test_a_run_is_summed_up(make_fooling_set):
    sets = [
        make_fooling_set(confidence=[0.99995, 0.9998, 0.99999], run=4),
        make_fooling_set(confidence=[0.7, 0.9, 0.55]),
    ]
    table = evolution_table(sets, [REACHED, FAILED])
    first, second = table.to_dict("records")
    assert first["run"] == 4
    assert first["median_confidence"] == pytest.approx(0.99995)
    assert first["lowest_confidence"] == pytest.approx(0.9998)
    assert first["lowest_class"] == sets[0].target[1]
    assert (first["at_50"], first["at_99"], first["at_9999"], first["distinct"]) == (3, 3, 2, 3)
    assert (second["at_50"], second["at_99"], second["at_9999"]) == (3, 0, 0)
    assert (first["highest_confidence"], second["highest_confidence"]) == pytest.approx((0.99999, 0.9))
    assert first["median_reaches_9999"] == 1
    assert first["every_class_reaches_99"] == 2
    assert first["goal_switches"] == pytest.approx(3 / 4)
    assert pd.isna(second["median_reaches_9999"])
    assert pd.isna(second["goal_switches"])


def test_the_page_says_never_and_never_rounds_up(make_fooling_set):
    table = evolution_table([make_fooling_set(confidence=[0.99999999, 0.7, 0.699999])], [FAILED])
    page = evolution_html(table)
    assert page.count("never") == 2
    assert "69.99" in page
    assert "100" not in page.partition("<body>")[2]


def test_equal_images_count_once_and_the_paper_s_scale_is_told(make_fooling_set):
    fooling_set = make_fooling_set(dataset="imagenet")
    fooling_set.images[2] = fooling_set.images[0]
    table = evolution_table([fooling_set], [FAILED])
    assert table["distinct"].tolist() == [2]
    assert "400 \u00d7 5,000 (CPPN)" in evolution_html(table)
    assert "The paper" not in evolution_html(evolution_table([make_fooling_set()], [FAILED]))


def test_each_run_needs_its_history(make_fooling_set):
    with pytest.raises(FoolingError, match="2 fooling sets but 1 histories"):
        evolution_table([make_fooling_set(), make_fooling_set()], [FAILED])
