import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from small import Stopping
from torch import nn
from torch.nn import functional

from fooling.artifacts.checkpoint import Checkpoint
from fooling.artifacts.storage import save_arrays
from fooling.data.datasets import Dataset
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork, load_network, save_networks
from fooling.settings.training import TrainingSettings
from fooling.training.small_networks import BatchOrder, CaffeSgd, Training, learning_rate

CPU = torch.device("cpu")
TINY = TrainingSettings(iterations=12, batch_size=16)
NATURAL = TrainingSettings(
    dataset="cifar10",
    architecture="convnet",
    width=4,
    augment=True,
    schedule="one_cycle",
    learning_rate=0.05,
    iterations=12,
    batch_size=16,
)
RESIDUAL = NATURAL.model_copy(update={"dataset": "cifar100", "architecture": "resnet", "width": 2})


def digits(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Noisy pictures in which the class is the place of a bright bar."""
    labels = rng.integers(0, 10, count)
    images = rng.integers(0, 120, (count, 1, 28, 28))
    for image, label in zip(images, labels, strict=True):
        image[0, 2 * label + 3 : 2 * label + 6, 4:24] += 100
    return images.astype(np.uint8), labels


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(1)
    return Dataset(*digits(100, rng), *digits(250, rng), classes=10)


@pytest.fixture(scope="module")
def photographs() -> Dataset:
    """Noise in colours that tell the class, of which there are eleven."""
    rng = np.random.default_rng(2)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.integers(0, 11, count)
        colours = np.random.default_rng(3).integers(0, 256, (11, 3, 1, 1))
        images = (colours[labels] + rng.integers(0, 256, (count, 3, 32, 32))) // 2
        return images.astype(np.uint8), labels

    return Dataset(*part(100), *part(120), classes=11)


def train(dataset: Dataset, checkpoint: Checkpoint, settings: TrainingSettings = TINY, seed: int = 3, device=CPU):
    torch.set_num_threads(1)
    return Training(dataset, settings, seed, device).run(checkpoint)


def weights(trained: TrainedNetwork) -> dict[str, np.ndarray]:
    return {name: tensor.cpu().numpy() for name, tensor in trained.network.state_dict().items()}


def assert_equal_weights(one: TrainedNetwork, other: TrainedNetwork) -> None:
    for name, array in weights(one).items():
        np.testing.assert_array_equal(array, weights(other)[name], err_msg=name)


@pytest.mark.parametrize(
    ("iteration", "rate"),
    [(0, 0.01), (100, 0.00992565), (5000, 0.00737788), (9999, 0.00594626)],  # as Caffe's log prints them
)
def test_learning_rate_follows_caffes_inv_policy(iteration, rate):
    assert learning_rate(TrainingSettings(), iteration) == pytest.approx(rate, abs=1e-7)


def test_learning_rate_can_be_constant():
    assert learning_rate(TrainingSettings(learning_rate=0.3, learning_rate_gamma=0), 777) == 0.3


def test_one_cycle_rises_for_a_fifth_and_falls_to_zero():
    settings = TrainingSettings(schedule="one_cycle", learning_rate=0.4, iterations=99)
    rates = [learning_rate(settings, iteration) for iteration in range(99)]
    assert rates[19] == pytest.approx(0.4)
    assert rates[9] == pytest.approx(0.2)
    assert rates[59] == pytest.approx(0.2)
    assert rates[98] == pytest.approx(0.005)
    assert min(rates) > 0


def test_solver_follows_caffes_rule():
    """Against a plain reading of Caffe's `sgd_solver.cpp`: Regularize, ComputeUpdateValue, Update, Blob::Update."""
    network = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 2))
    blobs = [parameter.detach().double().numpy().copy() for parameter in network.parameters()]
    history = [np.zeros_like(blob) for blob in blobs]
    solver = CaffeSgd(network, momentum=0.9, weight_decay=0.05)
    generator = torch.Generator().manual_seed(0)
    for rate in (0.1, 0.05, 0.2, 0.01):
        gradients = tuple(torch.randn(parameter.shape, generator=generator) for parameter in network.parameters())
        solver.step(gradients, rate)
        for index, gradient in enumerate(gradients):
            difference = gradient.double().numpy() + 0.05 * blobs[index]
            local_rate = rate * (2.0 if blobs[index].ndim == 1 else 1.0)
            history[index] = 0.9 * history[index] + local_rate * difference
            blobs[index] -= history[index]
    for parameter, blob in zip(network.parameters(), blobs, strict=True):
        np.testing.assert_allclose(parameter.detach().numpy(), blob, rtol=1e-5, atol=1e-6)


def test_first_steps_of_training_are_those_of_plain_autograd(dataset, tmp_path):
    settings = TrainingSettings(iterations=3, batch_size=10)
    trained = train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), settings, seed=3)
    network = LeNet()
    network.initialise(seeded_generator(3, CPU, "initialisation"))
    network.double()
    rows = BatchOrder(100, 10, seeded_generator(3, CPU, "training"))
    mean = dataset.train_images.astype(np.float64).mean(axis=0)
    history = {name: 0.0 for name, _ in network.named_parameters()}
    for iteration in range(3):
        batch = rows.next().numpy()
        inputs = torch.from_numpy((dataset.train_images[batch] - mean) / 256)
        loss = functional.cross_entropy(network(inputs), torch.from_numpy(dataset.train_labels[batch]))
        network.zero_grad()
        loss.backward()
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                rate = 0.01 * (1 + 0.0001 * iteration) ** -0.75 * (2 if "bias" in name else 1)
                history[name] = 0.9 * history[name] + rate * (parameter.grad + 0.0005 * parameter)
                parameter.sub_(history[name])
    for name, parameter in network.named_parameters():
        np.testing.assert_allclose(weights(trained)[name], parameter.detach().numpy(), atol=2e-5, err_msg=name)
    assert max(abs(step).max() for step in history.values()) > 1e-3


def test_every_image_is_seen_once_an_epoch():
    order = BatchOrder(10, 4, torch.Generator().manual_seed(0))
    stream = torch.cat([order.next() for _ in range(10)])
    epochs = stream.reshape(4, 10)
    for epoch in epochs:
        assert sorted(epoch.tolist()) == list(range(10))
    assert len({tuple(epoch.tolist()) for epoch in epochs}) == 4


def test_stored_order_takes_the_images_one_after_the_other():
    order = BatchOrder(10, 4, torch.Generator(), shuffled=False)
    stream = torch.cat([order.next() for _ in range(5)])
    assert stream.tolist() == [*range(10), *range(10)]


def test_batch_may_be_larger_than_the_data():
    batch = BatchOrder(3, 7, torch.Generator().manual_seed(0)).next()
    assert sorted(batch[:6].tolist()) == [0, 0, 1, 1, 2, 2]


def test_same_seed_same_weights_other_seed_other_weights(dataset, tmp_path, device):
    first, again = (train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), device=device) for _ in range(2))
    other = train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), seed=4, device=device)
    assert_equal_weights(first, again)
    assert not np.array_equal(weights(first)["layers.0.weight"], weights(other)["layers.0.weight"])


# 100 images in batches of 16: iteration 5 ends within an epoch, 6 draws the next one, 12 is the last.
@pytest.mark.parametrize("stop", [1, 5, 6, 7, 12])
@pytest.mark.parametrize(
    "case",
    [("dataset", TINY), ("photographs", NATURAL), ("photographs", RESIDUAL)],
    ids=["lenet", "convnet", "resnet"],
)
def test_killed_and_resumed_training_gives_the_same_bytes(request, tmp_path, case, stop, device):
    images, settings = case
    dataset = request.getfixturevalue(images)
    whole = train(dataset, Stopping(tmp_path / "never.npz"), settings, device=device)
    with pytest.raises(SystemExit) as exit_status:
        train(dataset, Stopping(tmp_path / "c.npz", stop), settings, device=device)
    assert exit_status.value.code == 143
    resumed = train(dataset, Stopping(tmp_path / "c.npz"), settings, device=device)
    save_networks(tmp_path / "whole.npz", [whole], {})
    save_networks(tmp_path / "resumed.npz", [resumed], {})
    assert (tmp_path / "whole.npz").read_bytes() == (tmp_path / "resumed.npz").read_bytes()


def test_network_learns_and_its_test_error_is_the_share_of_wrong_labels(dataset, tmp_path):
    settings = TrainingSettings(iterations=60, batch_size=20, learning_rate=0.02)
    trained = train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), settings)
    inputs = trained.preprocessing(torch.from_numpy(dataset.test_images).float())
    labels = trained.network(inputs).argmax(dim=1).numpy()
    assert trained.training["test_error"] == pytest.approx(np.mean(labels != dataset.test_labels))
    assert trained.training["test_error"] < 0.3
    assert not trained.network.training


@pytest.mark.parametrize("architecture", ["convnet", "resnet"])
def test_it_learns_any_number_of_classes_and_is_read_back_as_it_was(photographs, tmp_path, architecture):
    settings = NATURAL.model_copy(update={"architecture": architecture, "iterations": 100})
    trained = train(photographs, Checkpoint(tmp_path / "c.npz", {}, 3600), settings)
    assert trained.training["test_error"] < 0.3
    save_networks(tmp_path / "n.npz", [trained], {})
    read = load_network(tmp_path / "n.npz")
    assert_equal_weights(trained, read)
    assert weights(read)["features.1.running_mean"].any()
    assert (read.classes, read.image_shape, read.options) == (11, (3, 32, 32), {"channels": 3, "width": 4})
    inputs = read.preprocessing(torch.from_numpy(photographs.test_images).float())
    logits = read.network(inputs)
    assert logits.shape == (120, 11)
    # As in evaluation: the statistics are those of the training, so that an image's logits depend on it alone.
    torch.testing.assert_close(read.network(inputs[:1]), logits[:1])
    assert trained.training["test_error"] == pytest.approx(
        np.mean(logits.argmax(dim=1).numpy() != photographs.test_labels)
    )


def test_augmentation_changes_what_is_learned_from(photographs, tmp_path):
    plain = NATURAL.model_copy(update={"augment": False})
    augmented, unchanged = (
        train(photographs, Checkpoint(tmp_path / "c.npz", {}, 3600), settings) for settings in (NATURAL, plain)
    )
    assert not np.array_equal(weights(augmented)["features.0.weight"], weights(unchanged)["features.0.weight"])


def test_lenet_is_refused_for_other_images_than_mnists():
    with pytest.raises(ValueError, match="the images of mnist and glyphs, not of cifar10; choose convnet or resnet"):
        TrainingSettings(dataset="cifar10")


@pytest.mark.parametrize(("dataset", "classes"), [("mnist", 10), ("cifar100", 100), ("cifar100_coarse", 20)])
def test_more_classes_than_the_data_set_has_are_refused(dataset, classes):
    assert TrainingSettings(dataset=dataset, architecture="resnet", classes=classes).classes == classes
    with pytest.raises(ValueError, match=f"{dataset} has {classes} classes, not {classes + 1}"):
        TrainingSettings(dataset=dataset, architecture="resnet", classes=classes + 1)


def test_diverged_training_is_one_sentence(dataset, tmp_path):
    settings = TINY.model_copy(update={"learning_rate": 1e6})
    with pytest.raises(FoolingError, match="The training diverged"):
        train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), settings)


@pytest.mark.parametrize("subtract_mean", [True, False])
def test_network_file_gives_back_the_network(dataset, tmp_path, subtract_mean):
    settings = TINY.model_copy(update={"subtract_mean": subtract_mean, "relu_after_convolutions": True})
    trained = train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), settings)
    save_networks(tmp_path / "n.npz", [trained], {"step": "train"})
    read = load_network(tmp_path / "n.npz")
    assert_equal_weights(trained, read)
    expected_mean = dataset.mean_image if subtract_mean else np.zeros((1, 28, 28), np.float32)
    np.testing.assert_array_equal(read.preprocessing.mean.numpy(), expected_mean)
    assert read.preprocessing.scale == 1 / 256
    facts = [
        (network.training, network.options, network.dataset, network.classes, network.image_shape)
        for network in (trained, read)
    ]
    assert facts[0] == facts[1]


def test_file_that_is_no_network_is_refused(tmp_path):
    path = tmp_path / "n.npz"
    with pytest.raises(FoolingError, match="There is no network at"):
        load_network(path)
    torch.save(LeNet().state_dict(), path)
    with pytest.raises(FoolingError, match="not a readable network"):
        load_network(path)
    save_arrays(path, "fooling set", {}, {})
    with pytest.raises(FoolingError, match="holds a fooling set, but a network is needed"):
        load_network(path)
    save_arrays(path, "network", {"networks": [{"architecture": "vgg"}]}, {})
    with pytest.raises(FoolingError, match="does not hold a network of this version"):
        load_network(path)


def write_mnist(folder: Path, dataset: Dataset) -> None:
    parts = {
        "train-images-idx3-ubyte": dataset.train_images[:, 0],
        "train-labels-idx1-ubyte": dataset.train_labels,
        "t10k-images-idx3-ubyte": dataset.test_images[:, 0],
        "t10k-labels-idx1-ubyte": dataset.test_labels,
    }
    folder.mkdir()
    for name, array in parts.items():
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        (folder / name).write_bytes(head + array.astype(np.uint8).tobytes())


def test_step_is_terminated_resumed_and_leaves_only_its_results(dataset, tmp_path):
    write_mnist(tmp_path / "data", dataset)
    command = [
        sys.executable,
        "-m",
        "fooling.steps.training.train",
        "--data",
        "data",
        "--seed",
        "1",
        "--output",
        "run/n.npz",
    ]
    command += ["--iterations", "600", "--batch-size", "16", "--checkpoint-seconds"]

    stopped = subprocess.Popen([*command, "0.001"], cwd=tmp_path)
    while not (tmp_path / "run/n.checkpoint.npz").exists():
        assert stopped.poll() is None
        time.sleep(0.01)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(120) == 143
    assert not (tmp_path / "run/n.npz").exists()

    resumed = subprocess.run([*command, "300"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=True)
    assert "Test error" in resumed.stderr
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["n.npz", "n.provenance.json"]
    settings = TrainingSettings(iterations=600, batch_size=16)
    whole = train(dataset, Checkpoint(tmp_path / "c.npz", {}, 3600), settings, seed=1)
    assert_equal_weights(whole, load_network(tmp_path / "run/n.npz"))
