import pytest

from fooling.artifacts.table import read_table
from fooling.errors import FoolingError


def test_numbers_and_texts_are_read_exactly(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("set,share,other\n169,0.9999999999999999,x\n,1e-17,y\n")
    table = read_table(path, ["share"], ["set"])
    assert list(table.columns) == ["set", "share"]
    assert list(table["set"]) == ["169", ""]
    assert list(table["share"]) == [0.9999999999999999, 1e-17]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"share\n0.5\n", "lacks the column set"),
        (b"set,share\n", "has no rows"),
        (b"", "not a readable table"),
        (b"set,share\n\xff\xfe,1\n", "not a readable table"),
        (b'set,share\n"a,1\n', "not a readable table"),
        (b"set,share\na,half\n", "is damaged"),
        (b"set,share\na,\n", "is damaged"),
        (b"set,share\na,nan\n", "not finite"),
    ],
)
def test_a_bad_table_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(FoolingError, match=sentence) as caught:
        read_table(path, ["share"], ["set"])
    assert str(path) in str(caught.value)


def test_a_missing_table_is_one_sentence(tmp_path):
    with pytest.raises(FoolingError, match="There is no table at"):
        read_table(tmp_path / "table.csv", ["share"])
