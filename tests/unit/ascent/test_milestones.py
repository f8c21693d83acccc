import numpy as np
import pytest
import torch

from fooling.ascent.milestones import LEVELS, MILESTONES, REACH, Milestones, near_level

CPU = torch.device("cpu")


def log_confidence_of(log_odds: float) -> torch.Tensor:
    return torch.nn.functional.logsigmoid(torch.tensor([log_odds], dtype=torch.float64))


@pytest.mark.parametrize("level", LEVELS)
def test_near_begins_so_many_log_odds_below_the_level(level: float) -> None:
    log_odds = np.log(level / (1 - level))
    assert not near_level(log_confidence_of(log_odds - REACH - 1e-6), level)
    assert near_level(log_confidence_of(log_odds - REACH + 1e-6), level)
    assert near_level(log_confidence_of(40.0), level)


def test_the_first_image_at_each_milestone_is_kept() -> None:
    milestones = Milestones(2, (1, 2, 2), CPU)
    rows, wins = torch.tensor([1]), torch.tensor([True])
    for iteration, confidence in enumerate((0.5, 0.995, 0.9, 0.99995)):
        image = torch.full((1, 1, 2, 2), iteration, dtype=torch.uint8)
        milestones.record(rows, image, iteration, wins, torch.tensor([confidence], dtype=torch.float64).log())
    assert milestones.first.tolist() == [[-1] * len(MILESTONES), [0, 1, 3, 3]]
    assert milestones.snapshots[1, :, 0, 0, 0].tolist() == [0, 1, 3, 3]


def test_a_milestone_that_is_reached_is_not_near_again() -> None:
    milestones = Milestones(1, (1, 1, 1), CPU)
    rows, log_confidence, lead = torch.tensor([0]), torch.tensor([-1.0], dtype=torch.float64), torch.tensor([0.1])
    assert milestones.near(rows, log_confidence, lead)
    image = torch.zeros((1, 1, 1, 1), dtype=torch.uint8)
    milestones.record(rows, image, 3, torch.tensor([True]), log_confidence)
    assert not milestones.near(rows, log_confidence, lead)
