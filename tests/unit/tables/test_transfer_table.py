import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.tables.transfer import transfer_html, transfer_table

COLUMNS = [
    "method",
    "set",
    "source_network",
    "network",
    "images",
    "same_label",
    "both_above_9999",
    "source_more_confident",
]


@pytest.fixture
def shares():
    return pd.DataFrame(
        [
            ("direct", "", "lenet-1", "lenet-1", 1000, 1.0, 1.0, 0.0),
            ("direct", "", "lenet-1", "lenet-2", 1000, 0.8, 0.3, 0.9),
            ("direct", "", "lenet-2", "lenet-1", 2000, 0.6, 0.1, 0.7),
            ("cppn", "", "lenet-1", "lenet-2", 1000, 1.0, 0.5, 1.0),
            ("cppn", "", "lenet-2", "lenet-1", 2000, 0.9, 0.4, 0.95),
            ("ascent", "169", "lenet-1", "lenet-2", 1000, 0.1, 0.0, 1.0),
        ],
        columns=COLUMNS,
    )


@pytest.fixture
def paper():
    rows = [("same_label", 46.0), ("both_above_threshold", 27.3), ("source_more_confident", 92.2)]
    values = [("table_s1_mnist", quantity, value, "%", "R-") for quantity, value in rows]
    return pd.DataFrame(values, columns=["item", "quantity", "value", "unit", "status"])


def test_both_directions_and_only_other_networks_count(shares, paper):
    table = transfer_table(shares, paper, "table_s1_mnist").set_index("quantity")
    assert list(table["paper"]) == [46.0, 27.3, 92.2]
    assert set(table["paper_status"]) == {"R-"}
    # By hand: direct (80 + 60) / 2, CPPN (100 + 90) / 2, and so on; ours is the mean of these two.
    assert list(table["direct"]) == [70.0, 20.0, 80.0]
    assert list(table["cppn"]) == [95.0, 45.0, 97.5]
    assert list(table["ascent 169"]) == [10.0, 0.0, 100.0]
    assert list(table["ours"]) == [82.5, 32.5, 88.8]


def test_without_evolved_images_ours_is_left_open(shares, paper):
    table = transfer_table(shares[shares["method"] == "ascent"], paper, "table_s1_mnist")
    assert np.isnan(table["ours"]).all()
    assert "<td>\N{EN DASH}</td><td>10.0</td>" in transfer_html(table, shares)


def test_the_page_holds_every_number(shares, paper):
    page = transfer_html(transfer_table(shares, paper, "table_s1_mnist"), shares)
    for text in (
        "46.0 R-",
        "82.5",
        "97.5",
        "CPPN encoding",
        "gradient ascent, set 169: 1,000",
        "direct encoding: 3,000",
        "unverified",
    ):
        assert text in page


def test_one_network_alone_is_refused(shares, paper):
    with pytest.raises(FoolingError, match="at least two networks"):
        transfer_table(shares[:1], paper, "table_s1_mnist")


def test_a_quantity_the_paper_lacks_is_named(shares, paper):
    with pytest.raises(FoolingError, match="have no same_label of table_s1_cifar"):
        transfer_table(shares, paper, "table_s1_cifar")
