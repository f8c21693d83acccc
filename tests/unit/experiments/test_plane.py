import dataclasses

import numpy as np
import pytest
import torch
from scipy import stats

from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.experiments.plane import (
    CLASSES,
    THRESHOLD,
    KernelDensity,
    Plane,
    draw_points,
    find_fooling_point,
    log_confidence,
    make_plane,
    region_level,
    train,
)
from fooling.settings.plane import PlaneSettings

QUICK = PlaneSettings(points_per_class=50, hidden_units=16, iterations=300, grid=121)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def plane() -> Plane:
    return make_plane(QUICK, CPU)


def test_the_network_tells_the_classes_apart(plane: Plane) -> None:
    assert plane.test_error < 0.15
    assert np.exp(plane.log_confidence).sum(axis=0) == pytest.approx(1, abs=1e-5)


def test_the_densities_are_scipy_s() -> None:
    points, labels = draw_points(40, torch.Generator().manual_seed(1))
    places = torch.tensor([[0.0, 0.0], [1.0, 2.0], [-2.0, 0.5]], dtype=torch.float64)
    found = KernelDensity(points, labels).log_density(places)
    for label in range(CLASSES):
        expected = stats.gaussian_kde(points[labels == label].numpy().T).logpdf(places.numpy().T) - np.log(CLASSES)
        np.testing.assert_allclose(found[:, label], expected, atol=1e-9)


def test_the_grid_is_ordered_by_y_and_x(plane: Plane) -> None:
    x, y = plane.points[plane.labels == 1].mean(axis=0)
    column, row = (int(np.abs(plane.axis - value).argmin()) for value in (x, y))
    assert plane.log_confidence[:, row, column].argmax() == 1
    assert plane.log_density[:, row, column].argmax() == 1


def test_the_density_is_one_over_the_square_and_the_region_holds_its_mass(plane: Plane) -> None:
    total = np.logaddexp.reduce(plane.log_density.astype(np.float64), axis=0)
    area = (plane.axis[1] - plane.axis[0]) ** 2
    assert np.exp(total).sum() * area == pytest.approx(1, abs=1e-2)
    assert np.exp(total[total >= plane.level]).sum() * area == pytest.approx(QUICK.mass, abs=1e-2)


def test_the_region_of_known_densities() -> None:
    density = torch.tensor([0.1, 0.4, 0.2, 0.3], dtype=torch.float64)
    assert region_level(density.log(), 0.65) == pytest.approx(np.log(0.3))
    assert region_level(density.log(), 0.75) == pytest.approx(np.log(0.2))


def test_the_fooling_point_is_certain_and_unlike_the_data(plane: Plane) -> None:
    assert np.exp(plane.fooling_log_confidence.max()) >= THRESHOLD
    assert np.logaddexp.reduce(plane.fooling_log_density) < plane.level
    assert (np.abs(plane.fooling_point) <= QUICK.reach).all()


def test_the_first_draw_that_fools_is_taken() -> None:
    """A network that is certain only where x > 11 is fooled by the first draw from there."""

    class FarRight(torch.nn.Module):
        def forward(self, points: torch.Tensor) -> torch.Tensor:
            return torch.stack([50.0 * (points[:, 0] > 11), *[torch.zeros(len(points))] * 2], dim=1).double()

    points, labels = draw_points(20, torch.Generator().manual_seed(1))
    density, generator = KernelDensity(points, labels), torch.Generator().manual_seed(2)
    found, draws = find_fooling_point(FarRight(), density, -10.0, 12.0, generator)
    again = 12 * (2 * torch.rand((1000, 2), generator=generator.manual_seed(2), dtype=torch.float64) - 1)
    assert (again[: draws - 1, 0] <= 11).all()
    assert again[draws - 1].tolist() == found.tolist()
    assert found[0] > 11


def test_equal_settings_give_equal_planes(plane: Plane) -> None:
    for name, value in dataclasses.asdict(make_plane(QUICK, CPU)).items():
        np.testing.assert_array_equal(value, getattr(plane, name))


def test_another_seed_gives_other_points(plane: Plane) -> None:
    points, _ = draw_points(50, seeded_generator(1, CPU, "plane"))
    assert not np.array_equal(points.float().numpy(), plane.points)


def test_training_raises_the_confidence_in_the_right_class() -> None:
    points, labels = draw_points(20, torch.Generator().manual_seed(1))

    def right(iterations: int) -> float:
        settings = QUICK.model_copy(update={"iterations": iterations})
        network = train(points, labels, settings, torch.Generator().manual_seed(2))
        return float(log_confidence(network, points)[torch.arange(len(labels)), labels].exp().mean())

    assert right(200) > right(1) + 0.2


def test_a_square_that_does_not_hold_the_data_is_a_mistake() -> None:
    with pytest.raises(FoolingError, match="reach is 1"):
        make_plane(QUICK.model_copy(update={"reach": 1.0}), CPU)


def test_a_network_that_nothing_fools_is_told() -> None:
    with pytest.raises(FoolingError, match="None of 1000 points"):
        make_plane(QUICK.model_copy(update={"iterations": 1}), CPU)
