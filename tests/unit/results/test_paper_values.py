from pathlib import Path

import pytest

from fooling.errors import FoolingError
from fooling.results.paper_values import Published, published, read_paper_values

PAPER_VALUES = Path(__file__).parents[3] / "config" / "paper_values.csv"
HEADER = "item,quantity,value,unit,status,scale,note\n"


def test_our_table_of_published_numbers_is_sound():
    values = read_paper_values(PAPER_VALUES)
    percents = values[values["unit"] == "%"]["value"]
    assert percents.between(0, 100).all()
    assert set(values[values["item"].str.startswith("table_s1")]["status"]) == {"R-"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("table_s1,same_label,46,%,sure,,\n", "has the status sure; a status is one of V, R, R-"),
        ("table_s1,same_label,46,%,R,,\n" * 2, "gives same_label of table_s1 twice"),
        ("table_s1,same_label,many,%,R,,\n", "is damaged"),
    ],
)
def test_a_bad_table_is_one_sentence(tmp_path, rows, sentence):
    path = tmp_path / "paper_values.csv"
    path.write_text(HEADER + rows)
    with pytest.raises(FoolingError, match=sentence):
        read_paper_values(path)


def test_the_numbers_of_an_item_are_found_by_quantity(tmp_path):
    path = tmp_path / "paper_values.csv"
    path.write_text(
        HEADER + "figure_7,median_confidence,88.11,%,V,5 runs,\nfigure_7,runs,5,runs,V,,\nlenet,runs,1,,V,,\n"
    )
    values = read_paper_values(path)
    assert published(values, "figure_7") == {
        "median_confidence": Published(88.11, "V", "5 runs"),
        "runs": Published(5, "V", ""),
    }
    with pytest.raises(FoolingError, match="nothing of figure_8"):
        published(values, "figure_8")
