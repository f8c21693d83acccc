"""Trainings with a cure: what is learned, and that an interrupted one continues bit for bit."""

from itertools import product

import numpy as np
import pytest
import torch
from small import Stopping
from torch.nn import functional

from fooling.artifacts.checkpoint import Checkpoint
from fooling.data.datasets import Dataset
from fooling.devices import seeded_generator
from fooling.networks.convnet import ConvNet
from fooling.networks.network_file import TrainedNetwork, save_networks
from fooling.settings.cures import AcetSettings, OutlierExposureSettings
from fooling.settings.training import TrainingSettings
from fooling.training.acet import Acet
from fooling.training.cured import Cure, CuredTraining, number_beside
from fooling.training.outlier_exposure import OutlierExposure, entropy_to_uniform
from fooling.training.small_networks import BatchOrder, Training

CPU = torch.device("cpu")
DIGITS = TrainingSettings(iterations=6, batch_size=8)
NATURAL = TrainingSettings(dataset="cifar10", architecture="convnet", width=4, augment=True, iterations=6, batch_size=8)


@pytest.fixture(scope="module")
def outliers() -> dict[int, np.ndarray]:
    """Stripes, grey and coloured, by number of channels."""
    rows = np.arange(5)[:, None, None, None] + np.arange(32)[:, None] // 2
    stripes = np.broadcast_to(255 * (rows % 2), (5, 3, 32, 32)).astype(np.uint8)
    return {1: stripes[:, :1, :28, :28].copy(), 3: stripes.copy()}


@pytest.fixture(scope="module")
def datasets() -> dict[int, Dataset]:
    """Noise that is darker or lighter by its class, by number of channels."""
    rng = np.random.default_rng(0)

    def part(count: int, channels: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.integers(0, 3, count)
        side = 28 if channels == 1 else 32
        pixels = rng.integers(0, 100, (count, channels, side, side)) + 70 * labels[:, None, None, None]
        return pixels.astype(np.uint8), labels

    return {channels: Dataset(*part(40, channels), *part(60, channels), classes=3) for channels in (1, 3)}


def cure(name: str, outliers: np.ndarray, device: torch.device = CPU, **settings) -> Cure:
    if name == "acet":
        return Acet(AcetSettings(steps=2, **settings))
    augment = outliers.shape[1] == 3
    return OutlierExposure(torch.from_numpy(outliers).to(device), OutlierExposureSettings(**settings), augment=augment)


@pytest.mark.parametrize("case", list(product(["outlier_exposure", "acet"], [DIGITS, NATURAL])))
def test_killed_and_resumed_training_gives_the_same_bytes(datasets, outliers, tmp_path, case, device):
    name, settings = case
    channels = 1 if settings is DIGITS else 3

    def train(checkpoint: Checkpoint) -> TrainedNetwork:
        made = cure(name, outliers[channels], device)
        return CuredTraining(datasets[channels], settings, 3, device, made).run(checkpoint)

    whole = train(Stopping(tmp_path / "never.npz"))
    with pytest.raises(SystemExit) as exit_status:
        train(Stopping(tmp_path / "c.npz", 4))
    assert exit_status.value.code == 143
    resumed = train(Stopping(tmp_path / "c.npz"))
    for path, trained in (("whole.npz", whole), ("resumed.npz", resumed)):
        save_networks(tmp_path / path, [trained], {})
    assert (tmp_path / "whole.npz").read_bytes() == (tmp_path / "resumed.npz").read_bytes()
    assert (whole.classes, whole.fooling_rounds) == (3, 0)


def test_a_step_learns_from_batch_and_outliers_in_one_pass(datasets, outliers):
    """Against plain autograd on a network of the same seed, whose normalisation sees both together."""
    settings = NATURAL.model_copy(update={"augment": False, "batch_size": 10})
    dataset = datasets[3]
    exposed = OutlierExposure(torch.from_numpy(outliers[3]), OutlierExposureSettings(share=0.4), augment=False)
    training = CuredTraining(dataset, settings, 3, CPU, exposed)
    training._network.train()
    training._advance(torch.from_numpy(dataset.train_images), torch.from_numpy(dataset.train_labels))

    network = ConvNet(3, width=4)
    network.initialise(seeded_generator(3, CPU, "initialisation"))
    generator = seeded_generator(3, CPU, "training")
    rows = BatchOrder(40, 10, generator).next().numpy()
    drawn = torch.randint(5, (4,), generator=generator).numpy()
    pixels = np.concatenate([dataset.train_images[rows], outliers[3][drawn]]) - dataset.mean_image
    log_confidence = functional.log_softmax(network(torch.from_numpy(pixels / 256).float()), dim=1)
    known = -log_confidence[:10][torch.arange(10), torch.from_numpy(dataset.train_labels[rows])].mean()
    to_uniform = -(torch.full((4, 3), 1 / 3) * log_confidence[10:]).sum(dim=1).mean()
    (known + 0.5 * to_uniform).backward()
    for found, (name, parameter) in zip(training._solver.parameters, network.named_parameters(), strict=True):
        rate = settings.learning_rate * (2 if name.endswith("bias") else 1)
        expected = parameter.detach() - rate * (parameter.grad + 0.0005 * parameter.detach())
        np.testing.assert_allclose(found.detach(), expected, atol=2e-5, rtol=1e-4, err_msg=name)
    means = [each.features[1].running_mean for each in (training._network, network)]
    np.testing.assert_allclose(*means, atol=1e-5, rtol=1e-4)


def test_entropy_to_uniform_is_least_for_equal_confidence():
    logits = torch.tensor([[3.0, 3.0, 3.0, 3.0], [9.0, 0.0, 1.0, -2.0]])
    each = [float(entropy_to_uniform(row[None])) for row in logits]
    assert each[0] == pytest.approx(np.log(4))
    assert each[1] > each[0]
    assert float(entropy_to_uniform(logits)) == pytest.approx(np.mean(each))


def confidence(trained: TrainedNetwork, images: np.ndarray) -> float:
    with torch.no_grad():
        logits = trained.network(trained.preprocessing(torch.from_numpy(images).float()))
    return float(logits.softmax(dim=1).amax(dim=1).mean())


def test_cured_networks_still_learn_but_are_unsure_where_they_should_be(datasets, outliers, tmp_path):
    settings = TrainingSettings(iterations=40, batch_size=16, learning_rate=0.02)
    dataset, odd = datasets[1], outliers[1]
    noise = np.random.default_rng(1).integers(0, 256, (50, 1, 28, 28), dtype=np.uint8)
    checkpoint = Checkpoint(tmp_path / "c.npz", {}, 3600)
    plain = Training(dataset, settings, 3, CPU).run(checkpoint)
    exposed = CuredTraining(dataset, settings, 3, CPU, cure("outlier_exposure", odd)).run(checkpoint)
    enhanced = CuredTraining(dataset, settings, 3, CPU, cure("acet", odd, share=1.0)).run(checkpoint)
    for trained in (plain, exposed, enhanced):
        assert trained.training["test_error"] < 0.1
        assert confidence(trained, dataset.test_images) > 0.8
    assert confidence(exposed, odd) < confidence(plain, odd) - 0.2
    assert confidence(enhanced, noise) < confidence(plain, noise) - 0.2


def test_a_share_of_a_batch_is_at_least_one_image():
    assert [number_beside(share, 64) for share in (0.001, 0.5, 1.0, 2.0)] == [1, 32, 64, 128]
