from pathlib import Path

import pytest

from fooling.errors import FoolingError
from fooling.figures.paper_values import read_paper_values

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
