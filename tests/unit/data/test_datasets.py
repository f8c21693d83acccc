import struct
from pathlib import Path

import numpy as np
import pytest

from fooling.data.datasets import dataset_files, load_dataset, read_idx
from fooling.errors import FoolingError
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
    with pytest.raises(FoolingError, match="There is no data set mnits; there is cifar10, mnist"):
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
