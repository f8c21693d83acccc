"""The steps of retraining as a user calls them, on tiny networks and a synthetic MNIST."""

import shutil
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from fooling.artifacts.fooling_set import load_fooling_set, save_fooling_set
from fooling.errors import FoolingError
from fooling.networks.classifier import load_classifier
from fooling.networks.network_file import load_network
from fooling.settings.datasets import MNIST
from fooling.steps.evolution import evolve_round
from fooling.steps.experiments import score_retraining
from fooling.steps.training import retrain, sample_fooling_class

EVOLUTION = ("--generations", "4", "--batch", "12", "--threads", "1")
TRAINING = ("--iterations", "20", "--batch-size", "8", "--threads", "1")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(0)
    for name, count in zip(MNIST.files, (80, 80, 20, 20), strict=True):
        shape = (count, 28, 28) if "images" in name else (count,)
        values = rng.integers(0, 10 if "labels" in name else 256, shape, dtype=np.uint8)
        head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        (folder / name).write_bytes(head + values.tobytes())
    return folder


def call(monkeypatch: pytest.MonkeyPatch, step, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", [step.__name__, *map(str, arguments)])
    step.main()


def evolve(monkeypatch, network: Path, folder: Path, number: int, runs: int = 3) -> None:
    paths = ("--output", folder / "fooling_set.npz", "--history", folder / "history.csv")
    call(
        monkeypatch, evolve_round, "--network", network, "--runs", runs, "--first-seed", number * 10, *paths, *EVOLUTION
    )


def sample(monkeypatch, folder: Path, images: int = 8) -> Path:
    path = folder / "fooling_class.npz"
    arguments = ("--fooling-set", folder / "fooling_set.npz", "--seed", 1, "--images", images, "--output", path)
    call(monkeypatch, sample_fooling_class, *arguments)
    return path


@pytest.fixture
def chain(network, data, tmp_path, monkeypatch) -> tuple[list[Path], list[Path]]:
    """Return the networks DNN1 to DNN3 and the folders of their rounds."""
    networks, folders, classes = [network], [], []
    for number in (1, 2, 3):
        folders.append(tmp_path / f"round-{number}")
        evolve(monkeypatch, networks[-1], folders[-1], number)
        if number < 3:
            classes.append(sample(monkeypatch, folders[-1]))
            networks.append(tmp_path / f"lenet-1-dnn{number + 1}.npz")
            inputs = ("--data", data, "--fooling-classes", *classes)
            call(monkeypatch, retrain, *inputs, "--seed", number, "--output", networks[-1], *TRAINING)
    return networks, folders


def score(monkeypatch, data: Path, chain, tmp_path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    networks, folders = chain
    call(
        monkeypatch,
        score_retraining,
        *("--data", data, "--networks", *networks),
        *("--fooling-sets", *(folder / "fooling_set.npz" for folder in folders)),
        *("--histories", *(folder / "history.csv" for folder in folders)),
        *("--fooling-classes", *(folder / "fooling_class.npz" for folder in folders[:-1])),
        *("--others", folders[0] / "fooling_set.npz", "--threads", 1),
        *("--rounds", tmp_path / "rounds.csv", "--recognition", tmp_path / "recognition.csv"),
    )
    return pd.read_csv(tmp_path / "rounds.csv"), pd.read_csv(tmp_path / "recognition.csv")


def test_a_chain_of_three_networks(chain, data, tmp_path, monkeypatch) -> None:
    networks, folders = chain
    trained = [load_network(path) for path in networks]
    assert [each.classes for each in trained] == [10, 11, 11]
    assert [each.fooling_rounds for each in trained] == [0, 1, 2]
    for number, (path, folder) in enumerate(zip(networks, folders, strict=True), start=1):
        evolved = load_fooling_set(folder / "fooling_set.npz")
        assert evolved.evolution.round == number
        assert evolved.origin.classes == 10
        np.testing.assert_array_equal(np.unique(evolved.run), np.arange(3) + 10 * number)
        # Only the real classes are aimed at, but the softmax is over all.
        np.testing.assert_array_equal(np.unique(evolved.target), np.arange(10))
        scores = load_classifier(path, torch.device("cpu")).log_confidence(torch.from_numpy(evolved.images)).numpy()
        np.testing.assert_allclose(evolved.log_confidence, scores[np.arange(60), evolved.target], atol=1e-5)
        history = pd.read_csv(folder / "history.csv")
        assert history.groupby("run")["evaluations"].apply(list).tolist() == [[12, 24, 36, 48, 60]] * 3
        assert not list(folder.glob("*checkpoint*"))

    rounds, recognition = score(monkeypatch, data, chain, tmp_path)
    assert rounds["round"].tolist() == [1, 2, 3]
    assert rounds["fooling_images"].tolist() == [0, 8, 16]
    assert rounds["fooling_share"].tolist() == pytest.approx([0, 8 / 88, 16 / 96])
    assert rounds["runs"].tolist() == [3, 3, 3]
    assert rounds["test_error"].tolist()[1:] == [each.training["test_error"] for each in trained[1:]]
    assert rounds["test_as_fooling"][0] == 0
    # By hand: the last elites of round 1 on DNN2, and which of them joined its fooling class.
    second = load_classifier(networks[1], torch.device("cpu"))
    evolved = load_fooling_set(folders[0] / "fooling_set.npz")
    last = evolved.select(evolved.generation == 4)
    scores = second.log_confidence(torch.from_numpy(last.images)).exp().numpy()
    assert rounds["old_confidence"][1] == pytest.approx(np.median(scores[np.arange(30), last.target]), rel=1e-4)
    assert rounds["old_as_fooling"][1] == pytest.approx((scores.argmax(axis=1) == 10).mean())
    learned = {image.tobytes() for image in load_fooling_set(folders[0] / "fooling_class.npz").images}
    different = {image.tobytes() for image in last.images}
    counts = recognition[(recognition["round"] == 2) & (recognition["images"] == "last")].set_index("seen")["count"]
    assert counts.get(True, 0) == len(different & learned)
    assert counts.get(False, 0) == len(different - learned)
    assert set(recognition["images"]) == {"first", "last", "cppn", "noise", "test"}
    assert set(recognition.loc[recognition["made_in"] == 2, "round"]) == {3}


def test_a_round_is_reproduced_byte_for_byte(network, tmp_path, monkeypatch) -> None:
    for name in ("one", "two"):
        evolve(monkeypatch, network, tmp_path / name, 1)
        sample(monkeypatch, tmp_path / name)
    for file in ("fooling_set.npz", "history.csv", "fooling_class.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_wrong_chains_are_sentences(chain, data, tmp_path, monkeypatch) -> None:
    networks, folders = chain
    classes = [folder / "fooling_class.npz" for folder in folders[:-1]]
    inputs = ("--data", data, "--fooling-classes", classes[1], classes[0])
    with pytest.raises(FoolingError, match="number 1 is of round 2"):
        call(monkeypatch, retrain, *inputs, "--seed", 1, "--output", tmp_path / "out.npz", *TRAINING)
    assert not (tmp_path / "out.npz").exists()
    # A network with the extra class where the first one of the chain, which has none, is expected.
    with pytest.raises(FoolingError, match=r"Network 1 of the chain should have no fooling class.* has one of 1"):
        score(monkeypatch, data, ([networks[1], networks[0], networks[2]], folders), tmp_path)
    with pytest.raises(FoolingError, match="Fooling set 1 is of round 2; give the sets in the order"):
        score(monkeypatch, data, (networks, [folders[1], folders[0], folders[2]]), tmp_path)


def test_scores_are_of_one_chain_and_its_own_images(chain, data, tmp_path, monkeypatch) -> None:
    networks, folders = chain
    other = tmp_path / "lenet-2.npz"
    shutil.copy(networks[0], other)
    with pytest.raises(FoolingError, match="Fooling set 1 was made against lenet-1, not against lenet-2"):
        score(monkeypatch, data, ([other, *networks[1:]], folders), tmp_path)
    kept = folders[0] / "kept.npz"
    first, second = (folder / "fooling_class.npz" for folder in folders[:2])
    first.rename(kept)
    shutil.copy(second, first)
    with pytest.raises(FoolingError, match="number 1 is of round 2"):
        score(monkeypatch, data, chain, tmp_path)
    kept.replace(first)
    evolved = folders[0] / "fooling_set.npz"
    whole = load_fooling_set(evolved)
    for wrong, sentence in (
        (whole.select(np.arange(0)), "Fooling set 1 is empty"),
        (replace(whole, images=whole.images[:, :, :-1, :-1]), r"has images of the shape \(1, 27, 27\)"),
        (replace(whole, origin=whole.origin.model_copy(update={"classes": 5})), "aims at the 5 classes of mnist"),
    ):
        save_fooling_set(evolved, wrong)
        with pytest.raises(FoolingError, match=sentence):
            score(monkeypatch, data, chain, tmp_path)


def test_missing_files_and_no_runs_are_sentences(network, tmp_path, monkeypatch) -> None:
    with pytest.raises(FoolingError, match="There must be a run, not 0"):
        evolve(monkeypatch, network, tmp_path, 1, runs=0)
    with pytest.raises(FoolingError, match=r"fooling_set.npz cannot be read \(No such file"):
        sample(monkeypatch, tmp_path / "nowhere")
