"""Training on a folder of ILSVRC-2012's layout: three classes of noise around a colour, 40 by 32 pixels."""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set, save_fooling_set
from fooling.command_line import run_step
from fooling.data.class_folders import check_same_classes, list_classes, training_folder
from fooling.data.imagenet.sample import load_imagenet_sample
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.classifier import load_classifier
from fooling.networks.further_class import with_further_class
from fooling.networks.network_file import TrainedNetwork, load_network, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.imagenet_training import ImagenetTrainingSettings
from fooling.steps.evolution import evolve_round
from fooling.steps.experiments import score_retraining
from fooling.steps.training import retrain_imagenet, sample_fooling_class
from fooling.tables.retraining import read_rounds
from fooling.training.imagenet import learning_rate
from fooling.training.imagenet_batches import TrainingViews, batch_order, random_region
from fooling.training.processes import joined

SIDE = 32
COLOURS = {"n01": (200, 60, 60), "n02": (60, 200, 60), "n03": (60, 60, 200)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ilsvrc")
    rng = np.random.default_rng(0)
    for part, count in (("train", 8), ("val", 3)):
        for name, colour in COLOURS.items():
            (folder / part / name).mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(rng.normal(colour, 40, (SIDE, SIDE + 8, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / part / name / f"{name}_{number}.JPEG")
    return folder


def base_network() -> TrainedNetwork:
    # SqueezeNet has no batch normalisation, which would tell one process from two; its head is a convolution.
    torch.manual_seed(3)
    network = build_network("torchvision/squeezenet1_1", 3)
    preprocessing = Preprocessing(torch.full((3, 1, 1), 120.0), torch.full((3, 1, 1), 1 / 60), input_size=SIDE)
    return TrainedNetwork("torchvision/squeezenet1_1", network, preprocessing, "imagenet", 3, (3, SIDE, SIDE))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base") / "squeeze.npz"
    save_networks(path, [base_network()], {})
    return path


def fooling_class(path: Path, side: int = SIDE, **origin: object) -> Path:
    images = np.random.default_rng(1).integers(200, 256, (6, 3, side, side), dtype=np.uint8)
    zeros = np.zeros(6, np.int64)
    known = small_origin(**{"network": "squeeze", "dataset": "imagenet"} | origin)
    columns = (np.arange(6) % 3, zeros.astype(np.float32), zeros, zeros, zeros)
    save_fooling_set(path, FoolingSet(images, *columns, origin=known, provenance={}))
    return path


def arguments(root: Path, base: Path, folder: Path, *flags: object) -> list[str]:
    fooling = folder / "fooling_class.npz"
    if not fooling.exists():
        fooling_class(fooling)
    given = ["--network", base, "--root", root, "--fooling-classes", fooling, "--seed", 5]
    given += ["--output", folder / "squeeze-dnn2.npz", "--batch-size", 10, "--threads", 1, *flags]
    return list(map(str, given))


def train(monkeypatch: pytest.MonkeyPatch, root: Path, base: Path, folder: Path, *flags: object) -> Path:
    monkeypatch.setattr("sys.argv", ["retrain_imagenet", *arguments(root, base, folder, *flags)])
    retrain_imagenet.main()
    return folder / "squeeze-dnn2.npz"


def start_two(given: list[str], main: Callable[[], None] = retrain_imagenet.main) -> list[ForkProcess]:
    """Start two processes as `torchrun` does, but forked, since importing torch takes seconds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fork = multiprocessing.get_context("fork")
    started = [fork.Process(target=one_of_two, args=(number, port, given, main)) for number in (0, 1)]
    for process in started:
        process.start()
    return started


def one_of_two(number: int, port: int, given: list[str], main: Callable[[], None]) -> None:
    common = {
        "TORCHELASTIC_RUN_ID": "test",
        "GLOO_SOCKET_IFNAME": "lo",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    common |= {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "RANK": str(number), "LOCAL_RANK": str(number)}
    os.environ.update(common)
    sys.argv = ["retrain_imagenet", *given]
    run_step(main)


def exit_codes(started: list[ForkProcess]) -> list[int | None]:
    for process in started:
        process.join(300)
        if process.is_alive():
            process.kill()
            process.join()
    return [process.exitcode for process in started]


def weights(path: Path) -> np.ndarray:
    return torch.cat([value.flatten() for value in load_network(path).network.state_dict().values()]).numpy()


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_a_network_learns_one_class_more(root, base, tmp_path, monkeypatch, precision) -> None:
    flags = ("--epochs", 2, "--precision", precision, "--learning-rate", 0.002, "--workers", 1)
    trained = load_network(train(monkeypatch, root, base, tmp_path, *flags))
    assert (trained.classes, trained.real_classes, trained.fooling_rounds) == (4, 3, 1)
    assert trained.image_shape == (3, SIDE, SIDE)
    assert (weights(tmp_path / "squeeze-dnn2.npz")[:100] != weights(base)[:100]).all()
    assert all(value.dtype == torch.float32 for value in trained.network.state_dict().values())
    # By hand: the network's own view of each test image.
    sample = [(path, number) for number, name in enumerate(COLOURS) for path in sorted((root / "val" / name).iterdir())]
    squares = [np.asarray(Image.open(path).crop((4, 0, 4 + SIDE, SIDE)), np.float32) for path, _ in sample]
    inputs = (torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2) - 120) / 60
    predicted = trained.network(inputs).argmax(dim=1).tolist()
    wrong = sum(label != number for label, (_, number) in zip(predicted, sample, strict=True))
    assert trained.training["test_error"] == pytest.approx(wrong / 9)
    assert not list(tmp_path.glob("*checkpoint*"))


def test_the_classes_are_learned(root, tmp_path, monkeypatch) -> None:
    network = build_network("convnet", 3, channels=3, width=4)
    preprocessing = Preprocessing(torch.full((3, 1, 1), 120.0), torch.full((3, 1, 1), 1 / 60))
    options = {"channels": 3, "width": 4}
    convnet = TrainedNetwork("convnet", network, preprocessing, "imagenet", 3, (3, SIDE, SIDE), options)
    save_networks(tmp_path / "convnet.npz", [convnet], {})
    flags = ("--epochs", 30, "--learning-rate", 0.1, "--start", "scratch")
    path = train(monkeypatch, root, tmp_path / "convnet.npz", tmp_path, *flags)
    assert load_network(path).training["test_error"] == 0
    images = torch.from_numpy(load_fooling_set(tmp_path / "fooling_class.npz").images)
    labels = load_classifier(path, torch.device("cpu")).log_confidence(images).argmax(dim=1)
    assert labels.tolist() == [3] * 6


def test_fine_tuning_begins_with_the_weights_of_the_base() -> None:
    base = base_network()
    network = with_further_class(base, "weights", 1)
    base.network.eval()
    images = torch.randn(2, 3, SIDE, SIDE)
    torch.testing.assert_close(network(images)[:, :3], base.network(images))
    scratch, again = (with_further_class(base, "scratch", seed).state_dict() for seed in (1, 1))
    assert all(torch.equal(scratch[name], again[name]) for name in scratch)
    assert not torch.equal(scratch["features.0.weight"], base.network.state_dict()["features.0.weight"])


def test_order_and_views_follow_from_seed_epoch_and_image(root) -> None:
    whole = list(batch_order(11, 4, 7, range(6)))
    for (epoch, rows), (same_epoch, same_rows) in zip(list(batch_order(11, 4, 7, range(3, 6))), whole[3:], strict=True):
        assert epoch == same_epoch
        np.testing.assert_array_equal(rows, same_rows)
    assert [epoch for epoch, _ in whole] == [0, 0, 1, 1, 2, 2]
    assert len({*whole[0][1].tolist(), *whole[1][1].tolist()}) == 8
    fooling = np.arange(3 * SIDE * SIDE, dtype=np.uint8).reshape(1, 3, SIDE, SIDE)
    views = TrainingViews(list_classes(root / "train", 3), fooling, 1, SIDE)
    assert len(views) == 25
    for row in (0, 24):  # a photograph and the fooling image
        np.testing.assert_array_equal(views.view(2, row), views.view(2, row))
        assert (views.view(2, row) != views.view(3, row)).any()
    images, labels, problem = views[0, np.array([0, 9, 24])]
    assert images.shape == (3, 3, SIDE, SIDE)
    assert (labels.tolist(), problem) == ([0, 1, 3], "")


def test_random_regions_lie_in_the_image() -> None:
    random = np.random.default_rng(0)
    regions = np.array([random_region(random, 60, 40) for _ in range(2000)])
    wide, high = regions[:, 2] - regions[:, 0], regions[:, 3] - regions[:, 1]
    assert regions.min() >= 0
    assert regions[:, 2].max() <= 60
    assert regions[:, 3].max() <= 40
    share, aspect = wide * high / 2400, wide / high
    assert 0.07 < share.min() < 0.1
    assert 0.8 < share.max() <= 1
    assert 0.65 < aspect.min() < 0.8
    assert 1.25 < aspect.max() < 1.55
    assert random_region(random, 1000, 1) == (499.5, 0, 500.5, 1)  # nothing of such an aspect fits


class KilledError(Exception):
    """Stands for a kill."""


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_a_killed_training_ends_with_the_same_bytes(root, base, tmp_path, monkeypatch, precision) -> None:
    flags = ("--epochs", 2, "--precision", precision, "--checkpoint-seconds", 1e-9)
    (tmp_path / "whole").mkdir()
    whole = train(monkeypatch, root, base, tmp_path / "whole", *flags)
    (tmp_path / "parts").mkdir()
    advance, done = retrain_imagenet.ImagenetTraining._advance, []

    def killed_now_and_then(self, *batch) -> None:
        done.append(1)
        if len(done) in {3, 5}:
            raise KilledError
        advance(self, *batch)

    monkeypatch.setattr(retrain_imagenet.ImagenetTraining, "_advance", killed_now_and_then)
    for _ in range(2):
        with pytest.raises(KilledError):
            train(monkeypatch, root, base, tmp_path / "parts", *flags, "--workers", 1)
    parts = train(monkeypatch, root, base, tmp_path / "parts", *flags)
    assert parts.read_bytes() == whole.read_bytes()
    assert len(done) == 6 + 2


def test_two_processes_learn_what_one_learns(root, base, tmp_path, monkeypatch) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(torch.nn.functional, "dropout", lambda inputs, *_: inputs)  # differs from process to process
    one = train(monkeypatch, root, base, folders[0], "--epochs", 3)
    assert exit_codes(start_two(arguments(root, base, folders[1], "--epochs", 3))) == [0, 0]
    two = folders[1] / one.name
    np.testing.assert_allclose(weights(two), weights(one), atol=2e-6)
    assert load_network(two).training["test_error"] == load_network(one).training["test_error"]


def test_every_process_gets_what_the_first_one_has() -> None:
    started = start_two([], give_ranks)
    assert exit_codes(started) == [0, 0]


def give_ranks() -> None:
    with joined(torch.device("cpu")) as processes:
        ranks = [torch.full((3,), float(processes.rank)), torch.tensor(processes.rank)]
        processes.give_first(ranks)
        assert not any(tensor.any() for tensor in ranks)


def test_a_full_disk_is_a_sentence_and_all_processes_leave(root, base, tmp_path, monkeypatch, capfd) -> None:
    def full(*_: object) -> None:
        raise FoolingError("The disk is full.")

    monkeypatch.setattr("fooling.artifacts.checkpoint.save_arrays", full)
    given = arguments(root, base, tmp_path, "--checkpoint-seconds", 1e-9)
    assert exit_codes(start_two(given)) == [1, 1]
    said = capfd.readouterr().err
    assert said.count("The disk is full.") == 1
    assert "Traceback" not in said


def test_torchrun_starts_processes_that_continue_after_sigterm(root, base, tmp_path, monkeypatch) -> None:
    folders = [tmp_path / name for name in ("whole", "parts")]
    for folder in folders:
        folder.mkdir()
    flags = ("--epochs", 3)
    start = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m"]
    command = [
        sys.executable,
        *start,
        "fooling.steps.training.retrain_imagenet",
        *arguments(root, base, folders[0], *flags),
    ]
    subprocess.run(command, check=True, capture_output=True)

    given = arguments(root, base, folders[1], *flags, "--checkpoint-seconds", 1e-9)
    with monkeypatch.context() as patch:
        advance, done = retrain_imagenet.ImagenetTraining._advance, []

        def terminated(self, *batch) -> None:
            done.append(1)
            if len(done) == 3:
                os.kill(os.getpid(), signal.SIGTERM)
            advance(self, *batch)

        patch.setattr(retrain_imagenet.ImagenetTraining, "_advance", terminated)
        assert exit_codes(start_two(given)) == [128 + signal.SIGTERM] * 2
    assert (folders[1] / "squeeze-dnn2.checkpoint.npz").exists()
    assert exit_codes(start_two(given)) == [0, 0]
    # Not the bytes of the file, whose provenance names the modules that this test has imported.
    np.testing.assert_array_equal(*(weights(folder / "squeeze-dnn2.npz") for folder in folders))


def test_an_unreadable_image_is_named_and_nothing_is_lost(root, base, tmp_path, monkeypatch) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    (tmp_path / "whole").mkdir()
    whole = train(monkeypatch, copy, base, tmp_path / "whole")
    for broken in (copy / "train/n02/n02_3.JPEG", copy / "val/n03/n03_1.JPEG"):
        (tmp_path / "out").mkdir(exist_ok=True)
        content = broken.read_bytes()
        broken.write_bytes(content[:100])
        with pytest.raises(FoolingError, match=rf"^{broken} is not a readable image .*; copy or make it again\.$"):
            train(monkeypatch, copy, base, tmp_path / "out", "--workers", 1)
        broken.write_bytes(content)
        assert (tmp_path / "out" / "squeeze-dnn2.checkpoint.npz").exists()
        assert train(monkeypatch, copy, base, tmp_path / "out").read_bytes() == whole.read_bytes()
        shutil.rmtree(tmp_path / "out")


def test_wrong_input_is_a_sentence(root, base, tmp_path, monkeypatch) -> None:
    with pytest.raises(FoolingError, match=r"set datasets\.imagenet\.root to its folder"):
        training_folder(None)
    with pytest.raises(FoolingError, match=r"val has no folder train; unpack"):
        train(monkeypatch, root / "val", base, tmp_path)
    with pytest.raises(FoolingError, match="batch_size is 99, but there are 30 images"):
        train(monkeypatch, root, base, tmp_path, "--batch-size", 99)
    for name, flags, sentence in (
        ("size", {"side": 28}, r"has images of the shape \(3, 28, 28\), but those of imagenet have \(3, 32, 32\)"),
        ("classes", {"classes": 5}, "aims at the 5 classes of imagenet, but the network learns the 3 of imagenet"),
        ("round", {"round": 2}, "number 1 is of round 2"),
    ):
        (tmp_path / name).mkdir()
        fooling_class(tmp_path / name / "fooling_class.npz", **flags)
        with pytest.raises(FoolingError, match=sentence):
            train(monkeypatch, root, base, tmp_path / name)
    second = train(monkeypatch, root, base, tmp_path)
    (tmp_path / "again").mkdir()
    with pytest.raises(FoolingError, match="has a fooling class of 1 rounds already; give DNN1, which has none"):
        train(monkeypatch, root, second, tmp_path / "again")


def test_wrong_folders_are_sentences(root, tmp_path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    with pytest.raises(FoolingError, match="train has folders of 3 classes, but the network knows 1000; it needs one"):
        list_classes(copy / "train", 1000)
    for path in (copy / "train/n02").iterdir():
        path.unlink()
    with pytest.raises(FoolingError, match="n02 holds no image; copy those that are missing"):
        list_classes(copy / "train", 3)
    (copy / "train/n02").rename(copy / "train/n04")
    shutil.copy(copy / "train/n01/n01_0.JPEG", copy / "train/n04")
    with pytest.raises(FoolingError, match=r"lacks the class n0[24]; both folders need the same"):
        check_same_classes(list_classes(copy / "train", 3), list_classes(copy / "val", 3))
    with pytest.raises(FoolingError, match="nowhere cannot be read"):
        list_classes(tmp_path / "nowhere", 3)


def test_the_sample_is_the_first_test_image_of_each_class(root) -> None:
    sample, paths = load_imagenet_sample(root, 3, (3, SIDE, SIDE))
    assert [path.name for path in paths] == ["n01_0.JPEG", "n02_0.JPEG", "n03_0.JPEG"]
    assert sample.labels.tolist() == [0, 1, 2]
    assert (sample.image_shape, sample.training_images, sample.classes) == ((3, SIDE, SIDE), 24, 3)
    expected = np.asarray(Image.open(paths[1]).crop((4, 0, 4 + SIDE, SIDE)))
    np.testing.assert_array_equal(sample.images[1], np.moveaxis(expected, -1, 0))


def test_a_chain_on_imagenet_is_measured(root, base, tmp_path, monkeypatch) -> None:
    def call(step, *given: object) -> None:
        monkeypatch.setattr("sys.argv", [step.__name__, *map(str, given)])
        step.main()

    def evolve(network: Path, number: int) -> None:
        files = ("--output", tmp_path / f"set-{number}.npz", "--history", tmp_path / f"history-{number}.csv")
        few = ("--runs", 3, "--first-seed", number, "--generations", 3, "--batch", 8, "--threads", 1)
        call(evolve_round, "--network", network, *files, *few)

    evolve(base, 1)
    fooling = tmp_path / "fooling_class.npz"
    call(
        *(sample_fooling_class, "--fooling-set", tmp_path / "set-1.npz", "--seed", 1),
        *("--images", 6, "--output", fooling),
    )
    second = train(monkeypatch, root, base, tmp_path)
    evolve(second, 2)
    call(
        *(score_retraining, "--data", root, "--networks", base, second, "--fooling-classes", fooling, "--threads", 1),
        *("--fooling-sets", tmp_path / "set-1.npz", tmp_path / "set-2.npz"),
        *("--histories", tmp_path / "history-1.csv", tmp_path / "history-2.csv"),
        *("--rounds", tmp_path / "rounds.csv", "--recognition", tmp_path / "recognition.csv"),
    )
    rounds = pd.read_csv(tmp_path / "rounds.csv")
    assert rounds["fooling_share"].tolist() == pytest.approx([0, 6 / 30])
    assert rounds["test_error"][1] == load_network(second).training["test_error"]
    recognition = pd.read_csv(tmp_path / "recognition.csv")
    assert recognition.loc[recognition["images"] == "test", "count"].tolist() == [3]
    # Nobody here has measured the test error of DNN1, which comes from elsewhere.
    assert read_rounds([tmp_path / "rounds.csv"])["test_error"].isna().tolist() == [True, False]


def test_the_learning_rate_falls_along_a_half_cosine() -> None:
    settings = ImagenetTrainingSettings(learning_rate=0.4)
    rates = [learning_rate(settings, iteration, 4) for iteration in range(4)]
    assert rates == pytest.approx([0.4, 0.2 + 0.2 * 0.5**0.5, 0.2, 0.2 - 0.2 * 0.5**0.5])
