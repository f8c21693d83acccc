import dataclasses

import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.results.paper_values import Published
from fooling.tables.ascent import ascent_html, ascent_table


def times(top_1: int | None, above_9999: int | None) -> dict[str, int | None]:
    return {"run": 0, "target": 0, "top_1": top_1, "above_0.9999": above_9999, "last": 99}


def made(make_fooling_set, milestones, **options):
    return make_fooling_set(method="ascent", set="169", milestones=milestones, **options)


def test_a_set_is_summed_up(make_fooling_set):
    milestones = [times(3, 50), times(5, 90), times(8, None)]
    sets = [made(make_fooling_set, milestones, confidence=[0.99995, 0.9999, 0.5], generation=[50, 90, 149])]
    (row,) = ascent_table(sets).to_dict("records")
    assert (row["set"], row["network"], row["images"], row["classes"], row["starts"]) == ("169", "lenet-1", 3, 3, 1)
    assert row["iterations"] == 150
    assert row["median_confidence"] == pytest.approx(0.9999)
    assert row["mean_confidence"] == pytest.approx((0.99995 + 0.9999 + 0.5) / 3)
    assert row["at_99"] == pytest.approx(2 / 3)
    assert (row["iterations_to_top_1"], row["iterations_to_9999"]) == (5, 90)


def test_what_half_of_the_images_never_reach_is_missing(make_fooling_set):
    milestones = [times(3, 50), times(None, None), times(None, None)]
    table = ascent_table([made(make_fooling_set, milestones)])
    assert table[["iterations_to_top_1", "iterations_to_9999"]].isna().all(axis=None)
    assert "\N{EN DASH}</td><td>\N{EN DASH}" in ascent_html(table)


def test_only_last_iterates_count(make_fooling_set):
    early, last = (
        make_fooling_set(method="ascent", generation=when, confidence=p) for when, p in ((9, 0.1), (40, 0.8))
    )
    columns = ("images", "target", "log_confidence", "generation", "born", "run")
    both = {name: np.concatenate([getattr(early, name), getattr(last, name)]) for name in columns}
    origin = last.origin.model_copy(update={"set": "360", "milestones": [times(1, 2)]})
    table = ascent_table([dataclasses.replace(last, **both, origin=origin)])
    assert table["mean_confidence"].item() == pytest.approx(0.8)
    assert table["images"].item() == 3


def test_smoother_images_have_smaller_numbers(make_fooling_set):
    rough, smooth = (made(make_fooling_set, [times(1, 2)], side=32, channels=3) for _ in range(2))
    ramp = np.arange(32, dtype=np.uint8)
    smooth.images[:] = ramp[:, None] + ramp
    table = ascent_table([rough, smooth])
    for name in ("contrast", "total_variation", "high_frequency_share"):
        assert table[name][1] < table[name][0]


def test_the_page_tells_the_papers_scale_and_mean(make_fooling_set):
    sets = [made(make_fooling_set, [times(1, 2)], dataset="imagenet")]
    page = ascent_html(
        ascent_table([*sets, made(make_fooling_set, [times(1, 2)], rule="fixed_length")]),
        {"mean_confidence": Published(98.591, "R", "CaffeNet")},
    )
    assert "20 classes \u00d7 5 starts" in page
    assert "98.591" in page
    assert page.count("set 169,") == page.count("set 169 with steps of fixed length,") == 1
    assert "The paper" not in ascent_html(ascent_table([made(make_fooling_set, [times(1, 2)])]))


def test_evolved_and_empty_sets_are_refused(make_fooling_set):
    with pytest.raises(FoolingError, match=r"of evolution \(cppn\) is given where one of gradient ascent"):
        ascent_table([make_fooling_set()])
    with pytest.raises(FoolingError, match="holds no image"):
        ascent_table([made(make_fooling_set, [], classes=())])


def test_the_table_survives_a_csv(make_fooling_set, tmp_path):
    table = ascent_table([made(make_fooling_set, [times(1, None)])])
    table.to_csv(tmp_path / "table.csv", index=False)
    again = pd.read_csv(tmp_path / "table.csv", dtype={"set": str})
    assert again["set"].item() == "169"
    assert np.isnan(again["iterations_to_9999"].item())
