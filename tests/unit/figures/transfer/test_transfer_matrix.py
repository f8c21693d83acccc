import pandas as pd
import pytest
from matplotlib.colors import to_hex

from fooling.errors import FoolingError
from fooling.figures.parts.style import INK
from fooling.figures.transfer.matrix import draw_transfer_matrix, read_transfer

ROWS = [
    ("direct", "", "lenet-1", "lenet-1", 20, 1.0, 1.0, 0.95, 0.95),
    ("direct", "", "lenet-1", "lenet-2", 20, 0.75, 0.81, 0.5, 0.4),
    ("direct", "", "lenet-2", "lenet-1", 10, 0.6, 0.82, 0.1, 0.0),
    ("direct", "", "lenet-2", "lenet-2", 10, 1.0, 1.0, 0.9, 0.9),
    ("ascent", "169", "lenet-1", "lenet-1", 30, 1.0, 1.0, 0.99, 0.99),
    ("ascent", "169", "lenet-1", "lenet-2", 30, 0.004, 0.83, 0.1, 0.0),
]
COLUMNS = ["method", "set", "source_network", "network", "images", "same_label", "top_5", "above_99", "above_9999"]


@pytest.fixture
def table():
    return pd.DataFrame(ROWS, columns=COLUMNS)


def test_every_share_stands_in_its_cell(table):
    axes = draw_transfer_matrix(table).axes[0]
    texts = {text.get_text(): text.get_position() for text in axes.texts}
    assert {"lenet-1 (20)", "lenet-2 (10)", "lenet-1 (30)", "direct encoding", "gradient ascent, set 169"} <= set(texts)
    # Row by row: shares of the label kept, left, then of the confident ones, right.
    printed = [text for text in axes.texts if text.get_ha() == "center" and text.get_va() == "center"]
    rows = {}
    for text in printed:
        left, height = text.get_position()
        rows.setdefault(round(height, 3), []).append((left, text.get_text()))
    values = [[value for _, value in sorted(rows[height])] for height in sorted(rows)]
    assert values == [["100", "75", "95", "40"], ["60", "100", "0", "90"], ["100", "<1", "99", "0"]]


def test_other_measures_are_drawn_on_request(table):
    texts = [text.get_text() for text in draw_transfer_matrix(table, ["top_5"]).axes[0].texts]
    assert {"label among the five best", "81", "82", "83"} <= set(texts)
    assert not {"75", "60", "same label"} & set(texts)


def test_only_the_source_is_framed(table):
    axes = draw_transfer_matrix(table).axes[0]
    frames = [patch for patch in axes.patches if not patch.get_fill()]
    assert len(frames) == 2 * 3
    assert {to_hex(frame.get_edgecolor()) for frame in frames} == {INK}


def test_equal_shares_have_one_colour_in_all_panels(table):
    axes = draw_transfer_matrix(table).axes[0]
    filled = [patch for patch in axes.patches if patch.get_fill()]
    colours = {
        round(share, 6): set() for _, row in table.iterrows() for share in (row["same_label"], row["above_9999"])
    }
    shares = [row[measure] for _, row in table.iterrows() for measure in ("same_label", "above_9999")]
    by_place = sorted(filled, key=lambda patch: (round(patch.get_y(), 3), patch.get_x()))
    ordered = [shares[i] for i in (0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11)]
    for patch, share in zip(by_place, ordered, strict=True):
        colours[round(share, 6)].add(to_hex(patch.get_facecolor()))
    assert all(len(found) == 1 for found in colours.values())
    assert len({min(found) for found in colours.values()}) == len(colours)


def test_a_pair_given_twice_is_refused(table, tmp_path):
    path = tmp_path / "transfer.csv"
    pd.concat([table, table[:1]]).to_csv(path, index=False)
    with pytest.raises(FoolingError, match="two rows for one method"):
        read_transfer(path)


def test_a_missing_column_is_named(table, tmp_path):
    path = tmp_path / "transfer.csv"
    table.drop(columns="above_9999").to_csv(path, index=False)
    with pytest.raises(FoolingError, match="lacks the column above_9999"):
        read_transfer(path)


def test_the_table_is_read_as_written(table, tmp_path):
    path = tmp_path / "transfer.csv"
    table.to_csv(path, index=False)
    read = read_transfer(path)
    assert read[COLUMNS].astype(table.dtypes).equals(table)
