import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.results.natural_scores import read_natural_scores, scores_of


@pytest.fixture
def table(tmp_path):
    rows = [("lite0", 0.9, 1), ("lite0", 0.3, 0), ("lite0", 0.8, 1), ("lite1", 0.5, 1)]
    frame = pd.DataFrame(rows, columns=["network", "top_confidence", "right"]).assign(source="photographs")
    frame.to_csv(tmp_path / "natural.csv", index=False)
    return tmp_path / "natural.csv"


def test_scores_are_split_by_network_and_outcome(table):
    first, second = read_natural_scores([table])
    assert (first.network, second.network) == ("lite0", "lite1")
    everything, right, wrong = first.subsets.values()
    assert (np.median(everything), np.median(right), np.median(wrong)) == (0.8, pytest.approx(0.85), 0.3)
    assert not len(second.subsets["labelled wrongly"])
    assert scores_of("lite1", [first, second]) is second


def test_a_network_that_was_not_scored_or_twice_is_told(table):
    with pytest.raises(FoolingError, match="not scored on lite2, only on lite0, lite1"):
        scores_of("lite2", read_natural_scores([table]))
    with pytest.raises(FoolingError, match="lite0 are given twice"):
        read_natural_scores([table, table])
