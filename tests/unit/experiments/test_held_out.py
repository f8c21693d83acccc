from pathlib import Path

import numpy as np
import pytest
import torch

from fooling.errors import FoolingError
from fooling.experiments.held_out import load_held_out
from fooling.networks.architectures import build_network
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.cifar100_classes import SUPERCLASS_OF
from fooling.settings.training import TrainingSettings
from fooling.steps.training.training_run import load_data

TRAIN, TEST = [*range(100), *range(0, 100, 2), 0, 1], [0, 1, 2, 98, 99]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """CIFAR-100 with one image of each class, a second one of every other, and one more of the first two."""
    rng = np.random.default_rng(3)
    for name, labels in (("train.bin", TRAIN), ("test.bin", TEST)):
        content = b"".join(bytes([SUPERCLASS_OF[label], label]) + rng.bytes(3072) for label in labels)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def settings(**changes: object) -> TrainingSettings:
    return TrainingSettings.model_validate({"dataset": "cifar100", "architecture": "resnet", "width": 1, **changes})


def trained(learned: TrainingSettings, classes: int) -> TrainedNetwork:
    network = build_network("resnet", classes, channels=3, width=1)
    training = {"settings": learned.model_dump()}
    preprocessing = Preprocessing(torch.zeros(3, 32, 32), 1 / 64)
    return TrainedNetwork("resnet", network, preprocessing, learned.dataset, classes, (3, 32, 32), training=training)


@pytest.mark.parametrize(
    ("changes", "classes", "train", "test"),
    [
        ({}, 100, 152, 5),
        ({"images_per_class": 1}, 100, 100, 5),
        ({"classes": 3}, 3, 7, 3),
        ({"classes": 2, "images_per_class": 2}, 2, 4, 2),
        ({"dataset": "cifar100_coarse", "images_per_class": 5}, 20, 100, 5),
    ],
)
def test_a_network_is_measured_beside_the_images_that_it_learned_from(folder, changes, classes, train, test):
    learned = settings(**changes)
    dataset, files = load_data(learned, folder)
    assert (dataset.classes, len(dataset.train_images), len(dataset.test_images)) == (classes, train, test)
    if learned.images_per_class:
        assert set(np.bincount(dataset.train_labels)) == {learned.images_per_class}
    held_out, same_files = load_held_out(trained(learned, classes), folder)
    assert (held_out.classes, held_out.training_images, len(held_out.images)) == (classes, train, test)
    np.testing.assert_array_equal(held_out.labels, dataset.test_labels)
    assert files == same_files == [folder / "train.bin", folder / "test.bin"]


def test_more_images_than_a_class_has_are_told_before_training(folder):
    with pytest.raises(FoolingError, match="2 training images of each class are asked for, but class 3 has 1"):
        load_data(settings(images_per_class=2), folder)
