import dataclasses

import numpy as np
import pytest

from fooling.artifacts.plane import Plane, load_plane, save_plane
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.errors import FoolingError
from fooling.figures.experiments.plane import draw_plane, measure_shares
from fooling.settings.plane import PlaneSettings

SETTINGS = PlaneSettings(hidden_units=8, reach=4.0, mass=0.999)


@pytest.fixture
def plane():
    """A plane of 11 by 11 places in which the network is certain but for a row and a column; class 0 is dense."""
    log_confidence = np.full((3, 11, 11), np.log(0.0005), dtype=np.float32)
    log_confidence[0] = np.log(0.999)
    log_confidence[:, 5, :] = log_confidence[:, :, 5] = np.log(1 / 3)
    log_density = np.full((3, 11, 11), -200.0, dtype=np.float32)
    log_density[0, 2:5, 2:6] = -1.0
    return Plane(
        points=np.array([[0.0, 0], [1, 0], [-1, 0]], dtype=np.float32),
        labels=np.array([0, 1, 2]),
        axis=np.linspace(-4, 4, 11, dtype=np.float32),
        log_confidence=log_confidence,
        log_density=log_density,
        level=-2.0,
        fooling_point=np.array([3.0, 4.0], dtype=np.float32),
        fooling_log_confidence=np.log(np.array([1e-6, 1 - 2e-6, 1e-6], dtype=np.float32)),
        fooling_log_density=np.array([-230.2585, -1000, -1000], dtype=np.float32),
        draws=7,
        test_error=0.03,
        settings=SETTINGS,
    )


def texts(figure):
    return " ".join(text.get_text() for text in figure.texts)


def test_shares_are_counted(plane):
    shares = measure_shares(plane)
    assert shares.confident == pytest.approx(100 / 121)
    assert shares.dense == pytest.approx(12 / 121)
    assert shares.beyond == pytest.approx(91 / 100)


def test_a_network_that_is_nowhere_sure_has_nothing_beyond(plane):
    unsure = np.full_like(plane.log_confidence, np.log(1 / 3))
    assert measure_shares(dataclasses.replace(plane, log_confidence=unsure)).beyond == 0


def test_numbers_stand_beneath_the_panels(plane):
    found = texts(draw_plane(plane))
    assert "91.0\u2009% of that area" in found
    assert ">99.99\u2009%, 4.5 away" in found
    assert "10$^{-100}$" in found
    assert "number 7" in found
    assert "4.0 times as wide as the data" in found


def test_each_panel_shows_the_field_the_points_and_the_star(plane):
    for axes in draw_plane(plane).axes:
        assert len(axes.images) == 1
        assert [line.get_marker() for line in axes.lines] == ["o", "s", "^", "*"]
        assert axes.lines[-1].get_xydata().tolist() == [[3.0, 4.0]]


def test_certain_places_are_coloured_and_uncertain_ones_white(plane):
    confident, dense = (np.asarray(axes.images[0].get_array()) for axes in draw_plane(plane).axes)
    assert confident[5, 0] == pytest.approx(1, abs=1e-6)
    assert confident[0, 0].min() < 0.6
    assert dense[0, 0] == pytest.approx(1, abs=1e-6)
    assert dense[3, 3].min() < 0.2


def test_a_plane_is_read_back(tmp_path, plane):
    save_plane(tmp_path / "plane.npz", plane, {})
    found = load_plane(tmp_path / "plane.npz")
    for field in dataclasses.fields(plane):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(plane, field.name))


def test_a_plane_without_its_density_is_of_another_version(tmp_path, plane):
    save_plane(tmp_path / "plane.npz", plane, {})
    header, arrays = load_arrays(tmp_path / "plane.npz", "plane")
    del arrays["log_density"]
    save_arrays(tmp_path / "plane.npz", "plane", header, arrays)
    with pytest.raises(FoolingError, match="no plane of this version"):
        load_plane(tmp_path / "plane.npz")
