"""A new encoding needs nothing but its own module: evolution takes it as it is. See docs/contributing.md."""

from pathlib import Path

import numpy as np
import torch
from fourier import FourierEncoding

from fooling.artifacts.checkpoint import Checkpoint
from fooling.devices import seeded_generator
from fooling.evolution.map_elites import Evolution
from fooling.evolution.resumable import ResumableEvolution
from fooling.evolution.together import evolve
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_networks
from fooling.settings.evolution import EvolutionSettings


def evolved(network: Path, checkpoint: Path, generations: int) -> Evolution:
    classifier = classifier_of(load_networks(network), torch.device("cpu"))
    settings = EvolutionSettings(generations=generations, batch=30, snapshots=[])
    generator = seeded_generator(0, torch.device("cpu"), "evolution", "fourier")
    run = Evolution(FourierEncoding((1, 28, 28)), 10, settings, generator)
    with Checkpoint(checkpoint, {}, 1e9) as saved:
        evolve([run], classifier, [saved])
    return run


def test_map_elites_evolves_a_third_encoding(network: Path, tmp_path: Path) -> None:
    run = evolved(network, tmp_path / "run.checkpoint.npz", 30)
    medians = run.history.table()["median_confidence"]
    assert medians[-1] > medians[0]
    assert run.snapshots[-1].images.shape == (10, 1, 28, 28)
    # The elites can be checkpointed, and taken up by another run.
    state = ResumableEvolution(run).state()
    assert ResumableEvolution(run).fits(state)
    again = ResumableEvolution(evolved(network, tmp_path / "again.checkpoint.npz", 30)).state()
    assert all(np.array_equal(again[name], array) for name, array in state.items())
