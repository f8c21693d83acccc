"""Files in formats of others: data sets, weights, pictures, packages, tables and text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from mutations import damage_archive, damage_bytes, make_package
from PIL import Image

from fooling.data.cifar_sheets import binary
from fooling.data.datasets import load_mnist
from fooling.data.photographs import photographs
from fooling.data.sources import NpmPackage, RawFile
from fooling.settings.datasets import MNIST

ROOT = Path(__file__).parents[3]


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def write_idx(folder: Path) -> None:
    (folder / "images").write_bytes(idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4)))
    (folder / "labels").write_bytes(idx(np.arange(5, dtype=np.uint8)))


def write_cifar(folder: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 1024, 3), dtype=np.uint8)
    (folder / "batch.bin").write_bytes(binary(pixels, [0, 9, 3]))


def write_cifar100(folder: Path) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (3, 1024, 3), dtype=np.uint8)
    (folder / "part.bin").write_bytes(binary(pixels, np.array([[13, 99], [4, 0], [19, 89]])))


def write_histories(folder: Path) -> None:
    rows = "0,0,12,0.25\n0,1,24,0.9999\n1,0,12,1e-300\n"
    (folder / "history.csv").write_text(f"run,generation,evaluations,median_confidence\n{rows}")


def write_logs(folder: Path) -> None:
    for path in (ROOT / "config" / "breeding").glob("*.jsonl"):
        (folder / path.name).write_bytes(path.read_bytes())


def write_weights(folder: Path) -> None:
    weights = {"a.weight": torch.ones(3, 4), "a.bias": torch.zeros(3), "count": torch.tensor(3)}
    torch.save(weights, folder / "new")
    torch.save({"state_dict": weights, "epoch": 3}, folder / "training")
    torch.save(weights, folder / "old", _use_new_zipfile_serialization=False)


def write_safetensors(folder: Path) -> None:
    weights = {"a.weight": torch.ones(3, 4), "a.bias": torch.zeros(3, dtype=torch.bfloat16)}
    safetensors.torch.save_file(weights, folder / "weights", {"format": "pt"})


def damage_weights(chance: Any, seeds: Sequence[bytes]) -> bytes:
    seed = chance.choice(seeds)
    return (damage_archive if seed.startswith(b"PK") else damage_bytes)(chance, [seed])


def write_pictures(folder: Path) -> None:
    picture = Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3))
    for mode in ("RGB", "L", "P", "RGBA"):
        picture.convert(mode).save(folder / f"{mode}.png", format="PNG")


def write_photographs(folder: Path) -> None:
    with Image.open(photographs()[0][0]) as picture:
        small = picture.convert("RGB").resize((40, 30))
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        small.save(folder / kind, format=kind)
    small.save(folder / "progressive", format="JPEG", progressive=True)


def write_tables(folder: Path) -> None:
    (folder / "history.csv").write_text("generation,median,name\n0,0.5,a\n1,0.75,b c\n2,1.0,\n")
    (folder / "other.csv").write_text('generation,median,name\n0,1e-300,"a, ""b"""\n')


def write_configs(folder: Path) -> None:
    for path in (ROOT / "config").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())


PACKED = {"package/data/one": b"first file", "package/data/two": bytes(3000)}


def write_packages(folder: Path) -> None:
    (folder / "a.tgz").write_bytes(make_package({"package/package.json": b"{}", **PACKED}))
    (folder / "b.tgz").write_bytes(make_package({"package/data/one": b"", "package/data/two": b"x" * 40}))


def read_package(path: Path) -> None:
    class Delivered(NpmPackage):
        def _pack(self, _folder: Path) -> Path:
            return path

    with Delivered("name", "1.0.0", "package/data").open() as read:
        for name, content in PACKED.items():
            file = RawFile(Path(name).name, len(content), "")
            assert len(read(file)) <= file.size + 1


def write_labels(folder: Path) -> None:
    (folder / "labels").write_bytes(idx(np.arange(6, dtype=np.uint8)))


def read_labels(path: Path) -> None:
    for name in MNIST.files:
        if name != path.name:
            array = np.zeros((6, 28, 28) if "images" in name else 6, np.uint8)
            (path.parent / name).write_bytes(idx(array))
    load_mnist(path.parent)
