import pytest

from fooling.errors import FoolingError
from fooling.workflow.items import Items


def lacking():
    raise FoolingError("This figure needs runs; add some.")


@pytest.fixture
def items() -> Items:
    items = Items()
    items.add("figure_1", {"runs": ["a.npz", "b.npz"]})
    items.add_if_found("figure_2", lacking)
    items.add("curves_mnist", {"histories": ["a.csv"]}, default=False)
    items.add_if_found("figure_3", lambda: {"runs": ["c.npz"]})
    return items


def test_items_are_made_in_order_where_there_are_data_and_by_default(items):
    assert items.made == ["figure_1", "figure_3"]


def test_an_item_is_made_of_its_inputs_or_says_what_is_missing(items):
    assert items.inputs("figure_1") == {"runs": ["a.npz", "b.npz"]}
    assert items.inputs("curves_mnist") == {"histories": ["a.csv"]}
    for _ in range(2):
        with pytest.raises(FoolingError, match="needs runs; add some"):
            items.inputs("figure_2")


def test_a_rule_finds_inputs_by_its_wildcards_and_ends_with_the_sentence(items):
    assert items.inputs_of("curves_{experiment}")({"experiment": "mnist"}) == {"histories": ["a.csv"]}
    with pytest.raises(SystemExit, match=r"^Error: This figure needs runs; add some\.$"):
        items.inputs_of("figure_{number}")({"number": "2"})
