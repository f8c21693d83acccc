import numpy as np
import pandas as pd
import pytest
import torch

from fooling.errors import FoolingError
from fooling.experiments.far_from_data import IMAGES, RAYS, SCALES, confidences_along, tabulate_images, tabulate_plane
from fooling.figures.experiments.far_from_data import draw_far_from_data, read_far_from_data
from fooling.networks.network_file import load_network
from fooling.settings.plane import PlaneSettings

QUICK = PlaneSettings(points_per_class=50, hidden_units=16, iterations=200, grid=11)
CPU = torch.device("cpu")


def test_confidence_is_that_of_the_scaled_inputs(device):
    """Two opposed logits: at x the confidence is the logistic function of |2 x|."""
    inputs = torch.tensor([[0.1], [-0.2], [0.3]], device=device)
    table = confidences_along("mine", lambda x: torch.cat([x, -x], dim=1), inputs)
    assert table["scale"].tolist() == list(SCALES)
    assert SCALES[0] == 1
    for row in table.itertuples():
        each = 1 / (1 + np.exp(-2 * row.scale * np.array([0.1, 0.2, 0.3])))
        assert row.median == pytest.approx(np.median(each))
        assert row.low == pytest.approx(np.quantile(each, 0.05))
        assert row.certain == pytest.approx((each >= 0.9999).mean())
        assert row.count == 3


def test_a_network_without_a_slope_stays_unsure():
    """The theorem's condition: classes with the same linear part are told apart nowhere."""
    table = confidences_along("flat", lambda x: torch.zeros(len(x), 4), torch.ones(2, 2))
    assert table["high"].max() == pytest.approx(0.25)


def test_rays_in_the_plane_end_in_certainty():
    table = tabulate_plane(QUICK, CPU)
    assert table["count"].unique().tolist() == [RAYS]
    assert table["certain"].iloc[-1] > 0.9
    assert table["median"].iloc[-1] > 0.9999 > table["low"].iloc[0]


def test_images_and_noise_are_scaled_where_the_network_takes_them(network):
    natural = np.random.default_rng(1).integers(0, 256, (IMAGES + 5, 1, 28, 28), dtype=np.uint8)
    trained = load_network(network)
    table = tabulate_images(trained, natural, np.random.default_rng(0), CPU)
    assert table.groupby("kind", sort=False)["count"].unique().map(list).to_dict() == {
        "natural": [IMAGES],
        "noise": [IMAGES],
    }
    whole = tabulate_images(trained, natural[:7], np.random.default_rng(0), CPU).iloc[0]
    with torch.no_grad():
        logits = trained.network(trained.preprocessing(torch.from_numpy(natural[:7]).float()))
    assert whole["median"] == pytest.approx(float(logits.softmax(dim=1).amax(dim=1).median()), rel=1e-4)
    assert table[table["scale"] == SCALES[-1]]["median"].min() > 0.9999


@pytest.fixture
def table(tmp_path) -> pd.DataFrame:
    rows = [
        {"kind": kind, "dataset": "mnist", "scale": scale, "count": 9, "low": 0.3, "median": median, "high": 1.0}
        for kind in ("plane", "natural", "noise")
        for scale, median in ((10.0, 1.0), (1.0, 0.5))
    ]
    pd.DataFrame(rows).assign(certain=0.996).to_csv(tmp_path / "table.csv", index=False)
    return read_far_from_data(tmp_path / "table.csv")


def test_each_panel_shows_its_inputs_by_scale(table):
    plane, images = draw_far_from_data(table).axes
    assert [len(axes.lines) for axes in (plane, images)] == [1, 2]
    for line in (*plane.lines, *images.lines):
        assert line.get_xdata().tolist() == [1, 10]
        assert line.get_ydata()[0] == 0.5
    assert "MNIST" in images.get_title(loc="left")
    assert ">99\u2009%" in plane.lines[0].get_label()


def test_another_table_is_refused(table, tmp_path):
    table[table["kind"] != "noise"].to_csv(tmp_path / "two.csv", index=False)
    with pytest.raises(FoolingError, match="does not hold rays, test images and noise"):
        read_far_from_data(tmp_path / "two.csv")
