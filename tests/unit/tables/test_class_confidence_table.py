import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.results.class_runs import gather_class_runs
from fooling.results.natural_scores import NaturalScores
from fooling.tables.class_confidence import class_confidence_html, class_confidence_table

CLASSES = (0, 1, 151, 281)
NATURAL = NaturalScores("lite0", "photograph", np.array([0.9, 0.7, 0.2]), np.array([True, True, False]))


def paper_values(*rows):
    columns = ["item", "quantity", "value", "unit", "status", "scale", "note"]
    return pd.DataFrame([(*row, "%", status, "long runs", "") for *row, status in rows], columns=columns)


PAPER = paper_values(
    ("figure_6", "median_confidence", 21.59, "V"),
    ("figure_6", "classes_at_99", 45, "V"),
    ("figure_7", "median_confidence", 88.11, "V"),
    ("ensemble", "median_confidence", 65.15, "R"),
    ("ensemble", "classes_at_90", 231, "R"),
    ("ensemble", "highest_confidence", 100, "R"),
    ("natural_images", "median_confidence", 60.3, "R"),
    ("natural_images", "median_when_right", 86.7, "R"),
    ("natural_images", "median_when_wrong", 33.7, "R"),
)


@pytest.fixture
def gathered(make_fooling_set):
    def evolved(confidence, **rest):
        return make_fooling_set(classes=CLASSES, confidence=confidence, dataset="imagenet", **rest)

    sets = [
        evolved([0.1, 0.2, 0.01, 0.02], method="direct", network="lite0"),
        evolved([0.6, 0.9, 0.1, 0.3], network="lite0", run=0),
        evolved([0.8, 0.99999, 0.3, 0.5], network="lite0", run=1),
        evolved([0.7, 0.995, 0.2, 0.1], network="lite0", run=2),
        evolved([0.95, 0.5, 0.2, 0.1], network="lite"),
    ]
    return gather_class_runs(sets)


def test_each_row_sums_up_the_medians_of_the_runs(gathered):
    table = class_confidence_table(gathered, [], PAPER, ["lite"])
    cppn = table.iloc[1]
    assert (cppn["method"], cppn["network"], cppn["runs"], cppn["classes"]) == ("cppn", "lite0", 3, 4)
    # The classes' medians are 0.7, 0.995, 0.2 and 0.3.
    assert cppn["median_confidence"] == pytest.approx(0.5)
    assert cppn["highest_confidence"] == pytest.approx(0.995)
    assert cppn["highest_in_one_run"] == pytest.approx(0.99999)
    shares = [cppn[f"share_{key}"] for key in ("50", "90", "99", "9999")]
    assert shares == [0.5, 0.25, 0.25, 0]
    assert (cppn["classes_50"], cppn["classes_99"]) == (2, 1)
    assert cppn["dogs_and_cats_median"] == pytest.approx(0.25)
    assert cppn["others_median"] == pytest.approx((0.7 + 0.995) / 2)
    assert cppn["distinct_images"] == 4


def test_the_papers_numbers_stand_beside_what_they_are_about(gathered):
    table = class_confidence_table(gathered, [], PAPER, ["lite"])
    assert table["paper_median_confidence"].tolist() == pytest.approx([0.2159, 0.8811, 0.6515])
    assert table["paper_classes_at_99"].tolist()[0] == 45
    assert table["paper_classes_at_90"].tolist()[2] == 231
    assert table["paper_status"].tolist() == ["V", "V", "R"]


def test_natural_images_have_a_row_for_each_outcome(gathered):
    table = class_confidence_table(gathered, [NATURAL], PAPER)
    natural = table[table["method"] == "natural"]
    assert natural["median_confidence"].tolist() == pytest.approx([0.7, 0.8, 0.2])
    assert natural["paper_median_confidence"].tolist() == pytest.approx([0.603, 0.867, 0.337])
    assert natural["images"].tolist() == [
        "3 photographs",
        "2 photographs labelled rightly",
        "1 photograph labelled wrongly",
    ]


def test_other_data_sets_have_no_paper_and_no_dogs(make_fooling_set):
    table = class_confidence_table(gather_class_runs([make_fooling_set()]), [], PAPER)
    assert table.iloc[0][["paper_median_confidence", "dogs_and_cats_median", "others_median"]].isna().all()
    assert "paper's values" not in class_confidence_html(table)


def test_a_paper_without_the_item_is_told(gathered):
    with pytest.raises(FoolingError, match="nothing of ensemble"):
        class_confidence_table(gathered, [], PAPER[PAPER["item"] != "ensemble"], ["lite"])


def test_the_page_says_scales_and_statuses(gathered):
    nothing_wrong = NaturalScores("lite", "photograph", np.array([0.9]), np.array([True]))
    page = class_confidence_html(class_confidence_table(gathered, [NATURAL, nothing_wrong], PAPER, ["lite"]))
    assert "CPPN encoding, lite0: 3 runs of 20 generations \N{MULTIPLICATION SIGN} 10 children" in page
    assert "<td>88.11\u2009% V</td>" in page
    assert "<td>1 (paper: 231)</td>" in page
    assert "(paper: 100\u2009% R)" in page
    assert "0 photographs labelled wrongly, lite" in page
    assert "V: verified in a source; R: recalled" in page
    assert "nan" not in page.lower()
