import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from fooling.data.datasets import Dataset, dataset_files, first_classes, first_images, load_dataset
from fooling.data.formats import read_idx
from fooling.errors import FoolingError
from fooling.settings.cifar100_classes import SUPERCLASS_OF
from fooling.settings.datasets import CIFAR10, MNIST


def write_idx(path: Path, array: np.ndarray) -> None:
    path.write_bytes(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes())


@pytest.fixture
def mnist(tmp_path: Path) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    arrays = {
        "train-images-idx3-ubyte": rng.integers(0, 256, (7, 28, 28), dtype=np.uint8),
        "train-labels-idx1-ubyte": np.arange(7, dtype=np.uint8),
        "t10k-images-idx3-ubyte": rng.integers(0, 256, (3, 28, 28), dtype=np.uint8),
        "t10k-labels-idx1-ubyte": np.array([9, 0, 4], dtype=np.uint8),
    }
    for name, array in arrays.items():
        write_idx(tmp_path / name, array)
    return arrays


def test_mnist_is_read_as_it_was_written(tmp_path, mnist):
    dataset = load_dataset("mnist", tmp_path)
    assert dataset.classes == 10
    assert dataset.image_shape == (1, 28, 28)
    np.testing.assert_array_equal(dataset.train_images, mnist["train-images-idx3-ubyte"].reshape(7, 1, 28, 28))
    np.testing.assert_array_equal(dataset.test_images, mnist["t10k-images-idx3-ubyte"].reshape(3, 1, 28, 28))
    np.testing.assert_array_equal(dataset.train_labels, np.arange(7))
    np.testing.assert_array_equal(dataset.test_labels, [9, 0, 4])
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.int64


def test_mean_image_is_the_mean_of_the_training_images(tmp_path, mnist):
    mean = load_dataset("mnist", tmp_path).mean_image
    assert mean.dtype == np.float32
    assert mean.shape == (1, 28, 28)
    by_hand = sum(int(image[3, 14]) for image in mnist["train-images-idx3-ubyte"]) / 7
    assert mean[0, 3, 14] == pytest.approx(by_hand, rel=1e-6)


def test_dataset_files_are_those_that_are_read(tmp_path, mnist):
    assert sorted(path.name for path in dataset_files("mnist", tmp_path)) == sorted(mnist)
    for path in dataset_files("mnist", tmp_path):
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(FoolingError, match=r"Cannot read .*; fetch the data"):
            load_dataset("mnist", tmp_path)
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda whole: whole[:-100], "holds 5388 values, but its head states 5488"),
        (lambda whole: whole + b"x", "holds 5489 values"),
        (lambda whole: whole[:9], "not an idx file"),
        (lambda _: b"", "not an idx file"),
        (lambda _: b"<html>404</html>", "not an idx file"),
        (lambda whole: b"\0\0\x0d" + whole[3:], "not an idx file of bytes"),
        (lambda _: b"\0\0\x08\xff" + bytes(4 * 255), "not an idx file"),
    ],
    ids=["truncated", "too long", "head only", "empty", "page", "floats", "many dimensions"],
)
@pytest.mark.usefixtures("mnist")
def test_damaged_file_is_one_sentence(tmp_path, damage, message):
    path = tmp_path / MNIST.files[0]
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FoolingError, match=message):
        load_dataset("mnist", tmp_path)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("train-labels-idx1-ubyte", np.zeros(6, np.uint8)),
        ("t10k-labels-idx1-ubyte", np.array([0, 1, 10], np.uint8)),
        ("train-images-idx3-ubyte", np.zeros((7, 32, 32), np.uint8)),
        ("t10k-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8)),
    ],
    ids=["one label short", "label 10", "other size", "no images"],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path, mnist, name, array):
    assert name in mnist
    write_idx(tmp_path / name, array)
    with pytest.raises(FoolingError, match="are not MNIST's"):
        load_dataset("mnist", tmp_path)


def test_missing_folder_and_unknown_name_are_sentences(tmp_path):
    with pytest.raises(FoolingError, match="Cannot read"):
        load_dataset("mnist", tmp_path / "nowhere")
    with pytest.raises(FoolingError, match="There is no data set mnits; there is cifar10, cifar100, cifar1"):
        load_dataset("mnits", tmp_path)


def test_idx_of_any_rank(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 2, 2)
    write_idx(tmp_path / "rank4", array)
    np.testing.assert_array_equal(read_idx(tmp_path / "rank4"), array)


@pytest.fixture
def cifar10(tmp_path: Path) -> dict[str, bytes]:
    rng = np.random.default_rng(6)
    contents = {
        name: b"".join(bytes([label]) + rng.bytes(3072) for label in (number, 9 - number))
        for number, name in enumerate(CIFAR10.files)
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return contents


def test_cifar10_is_read_as_its_authors_describe_it(tmp_path, cifar10):
    dataset = load_dataset("cifar10", tmp_path)
    assert dataset.classes == 10
    assert dataset.train_images.shape == (10, 3, 32, 32)
    assert dataset.test_images.shape == (2, 3, 32, 32)
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.int64
    assert dataset.train_labels.tolist() == [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert dataset.test_labels.tolist() == [5, 4]
    # The second image of the third file: its label, 1024 bytes of red, of green, of blue, row by row.
    record = cifar10["data_batch_3.bin"][3073:]
    for channel in range(3):
        assert dataset.train_images[5, channel, 7, 19] == record[1 + 1024 * channel + 32 * 7 + 19]


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda _: b"", lambda whole: b"\x0a" + whole[1:]])
@pytest.mark.parametrize("name", ["data_batch_4.bin", "test_batch.bin"])
@pytest.mark.usefixtures("cifar10")
def test_damaged_cifar10_is_one_sentence(tmp_path, name, damage):
    path = tmp_path / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FoolingError, match=f"{name} is damaged or not CIFAR-10's; delete it"):
        load_dataset("cifar10", tmp_path)
    path.unlink()
    with pytest.raises(FoolingError, match=rf"Cannot read .*{name}.*; fetch the data"):
        load_dataset("cifar10", tmp_path)


@pytest.fixture
def cifar100(tmp_path: Path) -> dict[str, bytes]:
    rng = np.random.default_rng(7)
    # 0 apple, 23 cloud and 60 plain (one superclass), 99 worm.
    labels = {"train.bin": [99, 0, 60, 23, 60, 0], "test.bin": [23, 99]}
    contents = {
        name: b"".join(bytes([SUPERCLASS_OF[label], label]) + rng.bytes(3072) for label in of_part)
        for name, of_part in labels.items()
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return contents


def test_cifar100_is_read_as_its_authors_describe_it_and_sorted(tmp_path, cifar100):
    dataset = load_dataset("cifar100", tmp_path)
    assert dataset.classes == 100
    assert dataset.train_images.shape == (6, 3, 32, 32)
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.int64
    assert dataset.train_labels.tolist() == [0, 0, 23, 60, 60, 99]
    assert dataset.test_labels.tolist() == [23, 99]
    # The fourth image of the file, the only cloud: two labels, 1024 bytes of red, of green, of blue, row by row.
    record = cifar100["train.bin"][3 * 3074 : 4 * 3074]
    assert record[:2] == bytes([10, 23])
    for channel in range(3):
        assert dataset.train_images[2, channel, 7, 19] == record[2 + 1024 * channel + 32 * 7 + 19]
    plains = [image.tobytes() for image in dataset.train_images[3:5]]
    assert plains == sorted(plains, key=lambda pixels: hashlib.sha256(pixels).hexdigest())


@pytest.mark.usefixtures("cifar100")
def test_superclasses_are_the_classes_of_the_same_images(tmp_path):
    dataset = load_dataset("cifar100_coarse", tmp_path)
    assert dataset.classes == 20
    assert dataset.train_labels.tolist() == [4, 4, 10, 10, 10, 13]
    assert dataset.test_labels.tolist() == [10, 13]
    scenes = [image.tobytes() for image in dataset.train_images[2:5]]
    assert scenes == sorted(scenes, key=lambda pixels: hashlib.sha256(pixels).hexdigest())
    assert dataset_files("cifar100_coarse", tmp_path) == [tmp_path / "train.bin", tmp_path / "test.bin"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda _: b"",
        lambda whole: bytes([20]) + whole[1:],
        lambda whole: whole[:1] + bytes([100]) + whole[2:],
    ],
    ids=["truncated", "empty", "superclass 20", "class 100"],
)
@pytest.mark.parametrize("name", ["train.bin", "test.bin"])
@pytest.mark.usefixtures("cifar100")
def test_damaged_cifar100_is_one_sentence(tmp_path, name, damage):
    path = tmp_path / name
    path.write_bytes(damage(path.read_bytes()))
    for dataset in ("cifar100", "cifar100_coarse"):
        with pytest.raises(FoolingError, match=f"{name} is damaged or not CIFAR-100's; delete it"):
            load_dataset(dataset, tmp_path)


def numbered(labels: list[int], classes: int) -> Dataset:
    """Images of one pixel that hold their place."""
    images = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return Dataset(images, np.array(labels), images, np.array(labels), classes)


def test_equally_many_images_of_each_class_are_the_first_ones():
    dataset = numbered([2, 0, 1, 0, 2, 2, 1, 0, 2], 3)
    few = first_images(dataset, 2)
    assert few.train_images.ravel().tolist() == [0, 1, 2, 3, 4, 6]
    assert few.train_labels.tolist() == [2, 0, 1, 0, 2, 1]
    assert few.test_images is dataset.test_images
    assert first_images(dataset, None) is dataset
    two = first_images(first_classes(dataset, 2), 2)
    assert (two.classes, two.train_labels.tolist()) == (2, [0, 1, 0, 1])


def test_more_images_or_classes_than_there_are_is_one_sentence():
    dataset = numbered([0, 1, 0], 2)
    with pytest.raises(FoolingError, match=r"2 training images of each class are asked for, but class 1 has 1\."):
        first_images(dataset, 2)
    with pytest.raises(FoolingError, match="3 classes are asked for, but the data set has 2"):
        first_classes(dataset, 3)
