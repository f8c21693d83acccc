"""A network that gives no numbers stops whatever asks it, in a sentence."""

import pytest
import torch
from torch import nn

from fooling.artifacts.checkpoint import Checkpoint
from fooling.ascent.gradient_ascent import ascend
from fooling.encodings.direct import DirectEncoding
from fooling.errors import FoolingError
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import evolve
from fooling.networks.classifier import EnsembleClassifier, NetworkClassifier, check_numbers
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.ascent import AscentSettings
from fooling.settings.evolution import DirectSettings, EvolutionSettings

CPU = torch.device("cpu")
SENTENCE = r"The network gives no numbers \(NaN\) for {} of {} images; its weights, or the mean and std"


class Odd(nn.Module):
    """Gives `number` for dark images."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.linear = nn.Linear(64, 3)
        self.number = number

    def forward(self, inputs):
        logits = self.linear(inputs.flatten(1))
        return logits + torch.where(inputs.mean((1, 2, 3)) < 150, self.number, 0.0)[:, None]


def classifier(number: float) -> NetworkClassifier:
    torch.manual_seed(1)
    preprocessing = Preprocessing(torch.zeros(1, 1, 1), torch.ones(1, 1, 1), None, 1)
    return NetworkClassifier(TrainedNetwork("odd", Odd(number), preprocessing, "odd", 3, (1, 8, 8)), CPU)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_told(number):
    images = torch.full((5, 1, 8, 8), 200, dtype=torch.uint8)
    assert classifier(number).log_confidence(images).isfinite().all()
    images[:2] = 10
    with pytest.raises(FoolingError, match=SENTENCE.format(2, 5)):
        classifier(number).log_confidence(images)
    with pytest.raises(FoolingError, match=SENTENCE.format(2, 5)):
        EnsembleClassifier([classifier(0.0), classifier(number)]).log_confidence(images)


def test_gradient_ascent_stops(tmp_path):
    with (
        Checkpoint(tmp_path / "c.npz", {}, 60) as checkpoint,
        pytest.raises(FoolingError, match=SENTENCE.format(2, 2)),
    ):
        ascend(
            classifier(float("nan")),
            torch.zeros(1, 8, 8),
            AscentSettings(iterations=3),
            [0, 1],
            [0],
            checkpoint=checkpoint,
        )


def test_evolution_stops(tmp_path):
    settings = EvolutionSettings(batch=20, generations=2, snapshots=[])
    run = Evolution(DirectEncoding((1, 8, 8), DirectSettings()), 3, settings, torch.Generator().manual_seed(1))
    silent = classifier(float("nan"))
    silent.log_confidence(torch.full((5, 1, 8, 8), 200, dtype=torch.uint8))
    with Checkpoint(tmp_path / "c.npz", {}, 60) as checkpoint, pytest.raises(FoolingError, match=r"no numbers \(NaN\)"):
        evolve([run], silent, [checkpoint])


def test_numbers_pass():
    check_numbers(torch.tensor([0.0, -torch.inf]))
    check_numbers(torch.empty(0, 3))
