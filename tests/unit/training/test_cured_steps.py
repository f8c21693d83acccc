"""Chains whose second network has another cure than a fooling class, made by the steps as a user calls them."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fooling.artifacts.fooling_set import load_fooling_set
from fooling.networks.cure_record import CureRecord, cure_of, round_of, with_cure
from fooling.networks.network_file import TrainedNetwork, load_network
from fooling.settings.datasets import MNIST
from fooling.tables.cures import read_cures
from fooling.tables.retraining import read_rounds, retraining_html, retraining_table

TRAINING = ("--iterations", 4, "--batch-size", 8, "--threads", 1)
EMPTY = ("test_as_fooling", "old_as_fooling")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(0)
    for name, count in zip(MNIST.files, (40, 40, 20, 20), strict=True):
        shape = (count, 28, 28) if "images" in name else (count,)
        values = rng.integers(0, 10 if "labels" in name else 256, shape, dtype=np.uint8)
        head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        (folder / name).write_bytes(head + values.tobytes())
    return folder


class Chain:
    """Two networks and their rounds, as files."""

    def __init__(self, run: Callable[..., int], first: Path, data: Path) -> None:
        self.run = run
        self.folder = first.parent
        self.networks = [first, self.folder / "lenet-1-dnn2.npz"]
        self.rounds = [self.folder / "round-1", self.folder / "round-2"]
        self.data = data
        self.sample = self.rounds[0] / "fooling_class.npz"

    def evolve(self, number: int) -> None:
        folder = self.rounds[number - 1]
        paths = ("--output", folder / "fooling_set.npz", "--history", folder / "history.csv")
        size = ("--runs", 2, "--first-seed", 10 * number, "--generations", 2, "--batch", 12, "--threads", 1)
        module = "fooling.steps.evolution.evolve_round"
        assert self.run(module, "--network", self.networks[number - 1], *size, *paths) == 0

    def draw(self) -> None:
        paths = ("--fooling-set", self.rounds[0] / "fooling_set.npz", "--output", self.sample)
        assert self.run("fooling.steps.training.sample_fooling_class", *paths, "--seed", 1, "--images", 8) == 0

    def train(self, cure: str, *arguments: object) -> int:
        place = ("--data", self.data, "--seed", 7, "--output", self.networks[1])
        return self.run(f"fooling.steps.training.retrain_{cure}", *place, *TRAINING, *arguments)

    def score(self, module: str, *outputs: object, learned: bool) -> int:
        inputs = ["--networks", *self.networks]
        for flag, file in (("--fooling-sets", "fooling_set.npz"), ("--histories", "history.csv")):
            inputs += [flag, *(folder / file for folder in self.rounds)]
        inputs += ["--fooling-classes", self.sample] if learned else ["--fooling-classes"]
        return self.run(f"fooling.steps.experiments.{module}", "--data", self.data, *inputs, "--threads", 1, *outputs)


@pytest.fixture
def chain(run_main, network, data) -> Chain:
    return Chain(run_main, network, data)


@pytest.mark.parametrize("cure", ["outlier_exposure", "acet"])
def test_a_cured_chain_is_evolved_against_scored_and_tabulated(chain, tmp_path, cure) -> None:
    learned = cure == "outlier_exposure"
    chain.evolve(1)
    if learned:
        chain.draw()
    assert chain.train(cure, *(["--fooling-classes", chain.sample] if learned else ["--steps", 2])) == 0
    trained = load_network(chain.networks[1])
    assert (trained.classes, trained.fooling_rounds, trained.real_classes) == (10, 0, 10)
    assert (cure_of(trained), round_of(trained)) == (cure, 2)

    chain.evolve(2)
    evolved = load_fooling_set(chain.rounds[1] / "fooling_set.npz")
    assert (evolved.evolution.round, evolved.origin.classes) == (2, 10)
    assert np.unique(evolved.target).tolist() == list(range(10))

    outputs = ("--rounds", tmp_path / "rounds.csv", "--recognition", tmp_path / "recognition.csv")
    assert chain.score("score_retraining", *outputs, learned=learned) == 0
    rounds = pd.read_csv(tmp_path / "rounds.csv")
    assert rounds["fooling_images"].tolist() == [0, 8 if learned else 0]
    assert rounds["test_as_fooling"][0] == 0
    assert rounds.loc[1, list(EMPTY)].isna().all()  # not zero: there is no such class
    assert 0 <= rounds["old_confidence"][1] <= 1
    recognition = pd.read_csv(tmp_path / "recognition.csv")
    assert recognition["as_fooling"].isna().all()
    assert recognition["seen"].any() == learned
    table = retraining_table(read_rounds([tmp_path / "rounds.csv"]), paper=pd.DataFrame(), item=None)
    assert "nan" not in retraining_html(table, pd.DataFrame(), None)

    assert chain.score("score_cure", "--output", tmp_path / "cure.csv", learned=learned) == 0
    scores = read_cures([tmp_path / "cure.csv"])
    assert scores["cure"].tolist() == ["none", cure]
    assert scores["median_confidence"].tolist() == pytest.approx(rounds["median_confidence"].tolist())
    assert scores["test_error"][1] == trained.training["test_error"]
    assert scores[["natural_confidence", "noise_confidence"]].min().min() >= 0.1 - 1e-6  # the largest of ten

    # A chain whose files do not belong to its cure is a sentence.
    if learned:
        assert chain.score("score_cure", "--output", tmp_path / "wrong.csv", learned=False) == 1


def test_a_network_says_which_cure_it_has(network) -> None:
    plain = load_network(network)
    assert (cure_of(plain), round_of(plain)) == ("none", 1)
    cured = with_cure(plain, CureRecord(name="acet", round=2, settings={"steps": 5}))
    assert isinstance(cured, TrainedNetwork)
    assert cured.training["cure"] == {"name": "acet", "round": 2, "settings": {"steps": 5}}
    assert "cure" not in plain.training
