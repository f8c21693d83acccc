import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.tables.cures import cures_html, cures_table, read_cures

HEAD = "round,dataset,classes,cure,test_error,natural_confidence,noise_confidence,generations,children,runs,"
HEAD += "median_confidence,to_50,to_90,to_99\n"


def row(number: int, cure: str, confidence: float, runs: int, reached: str, *, error: float = 0.01) -> str:
    return f"{number},mnist,10,{cure},{error},0.99,0.5,60,200,{runs},{confidence},{reached}\n"


@pytest.fixture
def scores(tmp_path):
    def chain(experiment: str, network: str, *rows: str):
        path = tmp_path / experiment / network / "cure.csv"
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + "".join(rows))
        return path

    return read_cures(
        [
            chain("classed", "lenet-1", row(1, "none", 0.9, 60, "1,2,3"), row(2, "fooling_class", 0.8, 20, "5,,")),
            chain("classed", "lenet-2", row(1, "none", 0.7, 60, "3,4,5"), row(2, "fooling_class", 0.6, 20, "7,9,")),
            chain("classed", "lenet-3", row(1, "none", 0.8, 60, "5,6,7"), row(2, "fooling_class", 0.7, 20, "9,,")),
            chain("unsure", "lenet-1", row(1, "none", 0.1, 20, "1,2,3"), row(2, "acet", 0.2, 20, ",,", error=0.02)),
        ]
    )


def test_a_plain_network_counts_once_with_its_most_runs(scores):
    table = cures_table(scores)
    assert table["cure"].tolist() == ["none", "fooling_class", "acet"]
    assert table["networks"].tolist() == [3, 3, 1]
    assert table["runs"].tolist() == [60, 20, 20]
    assert table["experiment"].tolist() == ["", "classed", "unsure"]
    np.testing.assert_allclose(table["median_confidence"].astype(float), [0.8, 0.7, 0.2])
    np.testing.assert_allclose(table["lowest_network"].astype(float), [0.7, 0.6, 0.2])
    np.testing.assert_allclose(table["test_error"].astype(float), [0.01, 0.01, 0.02])


def test_a_network_that_never_gets_there_is_slower_than_all(scores):
    table = cures_table(scores)
    np.testing.assert_array_equal(table["to_50"].astype(float), [3, 7, np.nan])
    np.testing.assert_array_equal(table["to_90"].astype(float), [4, np.nan, np.nan])  # two of three never do


def test_the_page_names_cures_and_leaves_a_dash_where_there_is_nothing(scores):
    page = cures_html(cures_table(scores))
    for text in (
        "no cure (DNN1)",
        "fooling class (DNN2, classed)",
        "ACET (DNN2, unsure)",
        "7 / \N{EN DASH} / \N{EN DASH}",
        "<td>3</td>",
    ):
        assert text in page
    assert "nan" not in page


def test_another_file_is_refused(tmp_path):
    (tmp_path / "cure.csv").write_text("round,dataset\n1,mnist\n")
    with pytest.raises(FoolingError, match="lacks the column"):
        read_cures([tmp_path / "cure.csv"])
