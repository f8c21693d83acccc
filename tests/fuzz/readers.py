"""Everything that reads a file; a new reader is one more entry of `READERS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from mutations import Mutate, damage_archive, damage_bytes, damage_package, damage_png, damage_text, make_package
from PIL import Image

from fooling.ancestors import Ancestors, load_ancestors, save_ancestors
from fooling.breeding.bred import BredPictures, export_pngs, load_bred, save_bred
from fooling.breeding.log import read_log
from fooling.checkpoint import Checkpoint, Fits, Stored
from fooling.cifar_sheets import binary
from fooling.classifier import log_softmax
from fooling.datasets import MNIST_FILES, Dataset, load_mnist, read_cifar_batch, read_idx
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding
from fooling.errors import FoolingError
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import advance
from fooling.features import Features, load_features, save_features
from fooling.figures.ablation import read_ablation
from fooling.figures.plane import measure_shares, read_plane
from fooling.figures.result_table import read_table
from fooling.fooling_set import FoolingSet, load_fooling_set, read_pngs, save_fooling_set
from fooling.gradient_ascent import GradientAscent
from fooling.lineage import find_images, load_lineage
from fooling.networks.convnet import ConvNet
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork, load_networks, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.networks.zoo import _read_weights
from fooling.photographs import photographs, read_image
from fooling.recognition import read_history
from fooling.replay import load_recorded, trace_ancestors
from fooling.settings.ascent import AscentSettings
from fooling.settings.evolution import CppnSettings, DirectSettings, EvolutionSettings
from fooling.settings.training import TrainingSettings
from fooling.sources import NpmPackage, RawFile
from fooling.storage import save_arrays
from fooling.training import Training
from fooling.workflow.results_folder import read_config

SHAPE, CLASSES = (1, 6, 6), 3
CPU = torch.device("cpu")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Attributes:
        file: name of the file.
        write: makes valid files in an empty folder; of all of them damaged ones are made.
        read: reads one, and uses what it has read as the program does.
        damage: how a valid file becomes a wrong one.
        share: of the inputs; less where reading is slow.
    """

    file: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]
    damage: Mutate
    share: float = 1.0


class Judge:
    """A classifier that takes no time."""

    classes, image_shape, input_shape, any_size, device = CLASSES, SHAPE, SHAPE, False, CPU
    _weights = torch.linspace(-1, 1, 36 * CLASSES).view(36, CLASSES).sin()

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.flatten(1) @ self._weights / 255

    def log_confidence(self, images: torch.Tensor) -> torch.Tensor:
        return log_softmax(self.logits(images.float()))


def write_fooling_sets(folder: Path) -> None:
    chance = np.random.default_rng(1)
    for name, channels, count in (("grey", 1, 6), ("colour", 3, 4)):
        images = chance.integers(0, 256, (count, channels, 5, 4), dtype=np.uint8)
        log_confidence, target = -chance.random(count), np.arange(count) % 3
        columns = (target, log_confidence, np.arange(count) // 3, np.zeros(count), np.zeros(count))
        origin = {"method": "cppn", "network": "lenet-1", "dataset": "mnist", "classes": 10, "generations": 1}
        fooling_set = FoolingSet(images, *columns, origin=origin, provenance={"settings": {"seed": 0}})
        save_fooling_set(folder / f"{name}.npz", fooling_set)


def use_fooling_set(path: Path) -> None:
    fooling_set = load_fooling_set(path)
    final = fooling_set.final()
    assert len(final) <= len(fooling_set)
    assert not np.isnan(final.confidence).any()
    assert fooling_set.origin.get("method", "") != 3


def write_features(folder: Path) -> None:
    chance = np.random.default_rng(1)
    values = chance.random((6, 4), dtype=np.float32)
    columns = (np.repeat([0, 1], 3), np.tile(np.arange(3), 2), np.zeros(6), np.arange(6))
    for name in ("one", "two"):
        save_features(folder / f"{name}.npz", Features(values, *columns, name, [{"method": "cppn"}, {}], {}))


def write_lineages(folder: Path) -> None:
    for name, encoding in ENCODINGS.items():
        run = evolve(encoding)
        arrays = {f"lineage/{column}": values for column, values in run.history.lineage().items()}
        arrays |= {f"classes/{column}": values for column, values in run.history.classes().items()}
        arrays["individual"] = run.archive.individual.numpy()
        header = {"origin": {"method": name, "batch": 5}, "provenance": {"settings": {"seed": 1}}}
        save_arrays(folder / f"{name}.npz", "archive", header, arrays)


def use_lineage(path: Path) -> None:
    lineage = load_lineage(path)
    assert lineage.switched.sum() <= len(lineage.cell)
    for cell in range(min(len(lineage.elites), 5)):
        lineage.ancestry(cell)
    target = np.arange(min(len(lineage.elites), 3))
    zeros = np.zeros_like(target)
    images = np.zeros((len(target), 1, 2, 2), np.uint8)
    if len(target):
        find_images(lineage, FoolingSet(images, target, zeros, zeros, zeros, zeros, {}, {}))


def write_networks(folder: Path) -> None:
    for number, names in enumerate((("one",), ("one", "two"))):
        members = []
        for _ in names:
            network = LeNet()
            network.initialise(torch.Generator().manual_seed(number))
            preprocessing = Preprocessing(torch.zeros(1, 28, 28), 1 / 256)
            members.append(
                TrainedNetwork("lenet", network, preprocessing, "mnist", 10, (1, 28, 28), {}, (), {"seed": 1})
            )
        save_networks(folder / f"{number}.npz", members, {})
    small, preprocessing = ConvNet(3, channels=1, width=2), Preprocessing(torch.zeros(1, 8, 8), 1 / 256)
    options = {"channels": 1, "width": 2}
    retrained = TrainedNetwork("convnet", small, preprocessing, "cifar10", 3, (1, 8, 8), options, fooling_rounds=2)
    save_networks(folder / "retrained.npz", [retrained], {})


def use_networks(path: Path) -> None:
    for trained in load_networks(path):
        pixels = torch.zeros(1, *trained.image_shape)
        assert trained.network(trained.preprocessing(pixels)).shape == (1, trained.classes)


def write_planes(folder: Path) -> None:
    arrays: dict[str, Any] = {
        "points": np.zeros((3, 2), np.float32),
        "labels": np.arange(3),
        "axis": np.linspace(-4, 4, 5, dtype=np.float32),
        "log_confidence": np.full((3, 5, 5), -1, np.float32),
        "log_density": np.full((3, 5, 5), -1, np.float32),
        "level": np.array(-2.0),
        "fooling_point": np.zeros(2, np.float32),
        "fooling_log_confidence": np.zeros(3, np.float32),
        "fooling_log_density": np.zeros(3, np.float32),
        "draws": np.array(7),
        "test_error": np.array(0.1),
    }
    save_arrays(folder / "plane.npz", "plane", {"settings": {"reach": 4.0}}, arrays)


def write_ablations(folder: Path) -> None:
    numbers = np.zeros((4, 5))
    arrays: dict[str, Any] = {
        "copies": np.arange(4),
        "left": numbers.astype(np.int64),
        "erased": numbers,
        "confidence": numbers,
        "control": numbers,
        "shares_left": np.linspace(1, 0, 5),
        "target": np.arange(4),
        "pictures/row": np.arange(2),
        "pictures/images": np.zeros((2, 4, 3, 5, 5), np.uint8),
        "pictures/confidence": np.zeros((2, 4)),
    }
    save_arrays(folder / "ablation.npz", "ablation", {"origin": {"method": "cppn"}, "settings": {}}, arrays)


def use_ablation(path: Path) -> None:
    _, arrays = read_ablation(path)
    assert len(arrays["target"][arrays["pictures/row"]]) == len(arrays["pictures/images"])


ENCODINGS: dict[str, Encoding] = {
    "cppn": CppnEncoding(SHAPE, CppnSettings(max_hidden_nodes=6, max_connections=14)),
    "direct": DirectEncoding(SHAPE, DirectSettings()),
}
GENERATIONS = EvolutionSettings(generations=6, batch=5, snapshots=[0, 2])


def begin(encoding: Encoding) -> Evolution:
    return Evolution(encoding, CLASSES, GENERATIONS, torch.Generator().manual_seed(1))


def evolve(encoding: Encoding, generations: int = 5) -> Evolution:
    run = begin(encoding)
    for _ in range(generations):
        advance([run], Judge())
    return run


def checkpoint(path: Path) -> Checkpoint:
    return Checkpoint(path, {"step": "fuzz"}, 60)


def load_checkpoint(path: Path, fits: Fits) -> Stored:
    stored = checkpoint(path).load(fits)
    if stored is None:
        raise FoolingError("It is set aside.")
    return stored


def evolution_checkpoints(encoding: Encoding) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for generations in (1, 4, 7):
            checkpoint(folder / f"{generations}.npz").save({}, evolve(encoding, generations).state())

    return write


def continue_evolution(encoding: Encoding) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        run = begin(encoding)
        stored = load_checkpoint(path, run.fits)
        run.restore(stored[1])
        while run.generation < GENERATIONS.generations:
            advance([run], Judge())
        run.state()
        run.history.table()

    return read


def training() -> Training:
    images, labels = np.zeros((6, 1, 28, 28), np.uint8), np.arange(6)
    return Training(Dataset(images, labels, images, labels, 10), TrainingSettings(iterations=2, batch_size=4), 1, CPU)


def training_checkpoints(begin: Callable[[], Training]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for number in range(2):
            begun = begin()
            begun._order.next()
            checkpoint(folder / f"{number}.npz").save({}, begun._state())

    return write


def continue_training(begin: Callable[[], Training]) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        begun = begin()
        stored = load_checkpoint(path, begun._fits)
        begun._restore(stored[1])
        begun._order.next()

    return read


def convnet_training() -> Training:
    images, labels = np.zeros((6, 3, 8, 8), np.uint8), np.arange(6)
    settings = TrainingSettings(
        dataset="cifar10", architecture="convnet", width=2, augment=True, iterations=2, batch_size=4
    )
    return Training(Dataset(images, labels, images, labels, 10), settings, 1, CPU)


def ascent() -> GradientAscent:
    return GradientAscent(Judge(), torch.zeros(1), AscentSettings(iterations=4), [0, 2], [0, 1], batch_size=8)


def write_ascents(folder: Path) -> None:
    begun = ascent()
    for iteration in range(3):
        begun.iterate(iteration)
        checkpoint(folder / f"{iteration}.npz").save({"iteration": iteration + 1}, begun.arrays())


def continue_ascent(path: Path) -> None:
    begun = ascent()
    stored = load_checkpoint(path, begun.fits)
    begun.restore(stored[1])
    for iteration in range(stored[0]["iteration"], 4):
        begun.iterate(iteration)
    begun.result()


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def write_idx(folder: Path) -> None:
    (folder / "images").write_bytes(idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4)))
    (folder / "labels").write_bytes(idx(np.arange(5, dtype=np.uint8)))


def write_cifar(folder: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 1024, 3), dtype=np.uint8)
    (folder / "batch.bin").write_bytes(binary(pixels, [0, 9, 3]))


def write_histories(folder: Path) -> None:
    rows = "0,0,12,0.25\n0,1,24,0.9999\n1,0,12,1e-300\n"
    (folder / "history.csv").write_text(f"run,generation,evaluations,median_confidence\n{rows}")


def write_logs(folder: Path) -> None:
    for path in (ROOT / "config" / "breeding").glob("*.jsonl"):
        (folder / path.name).write_bytes(path.read_bytes())


def write_bred(folder: Path) -> None:
    genomes = evolve(ENCODINGS["cppn"]).archive.population.select(torch.arange(2)).tensors
    bred = BredPictures(
        images=np.zeros((2, 3, 4, 4), np.uint8),
        labels=["a moon", "an eye"],
        logs=["first", "first"],
        generation=np.array([2, 5]),
        populations=[20, 20],
        genomes={name: tensor.numpy() for name, tensor in genomes.items()},
        classes=np.zeros((2, 3), np.int64),
        confidence=np.zeros((2, 3)),
        names=[["a", "b", "c"]] * 2,
        network="lite",
        provenance={},
    )
    save_bred(folder / "bred.npz", bred)


def use_bred(path: Path) -> None:
    bred = load_bred(path)
    if len(bred) < 5:
        assert {png.parent for png in export_pngs(bred, path.parent / "pngs")} <= {path.parent / "pngs"}


def write_recorded(folder: Path) -> None:
    settings = CppnSettings(max_hidden_nodes=6, max_connections=14, generations=6, batch=5, snapshots=[0])
    run = Evolution(CppnEncoding(SHAPE, settings), CLASSES, settings, seeded_generator(1, CPU, "evolution", "cppn"))
    for _ in range(7):
        advance([run], Judge())
    arrays = {f"lineage/{column}": values for column, values in run.history.lineage().items()}
    arrays |= {f"genomes/{name}": tensor.numpy() for name, tensor in run.archive.population.tensors.items()}
    arrays["individual"] = run.archive.individual.numpy()
    told = {"settings": {**settings.model_dump(mode="json"), "seed": 1, "device": "cpu"}}
    origin = {"method": "cppn", "network": "lenet-1"}
    save_arrays(folder / "archive.npz", "archive", {"origin": origin, "provenance": told}, arrays)


def use_recorded(path: Path) -> None:
    recorded = load_recorded(path)
    if recorded.settings.generations <= 50 and recorded.settings.batch <= 50:
        trace_ancestors(recorded, CPU)


def write_ancestors(folder: Path) -> None:
    genes = evolve(ENCODINGS["cppn"]).archive.population.tensors
    ancestors = Ancestors(np.arange(CLASSES), **{name: tensor.numpy() for name, tensor in genes.items()})
    save_ancestors(folder / "ancestors.npz", {("lenet-1", 0): ancestors, ("lenet-2", 1): ancestors})


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
    for name in MNIST_FILES:
        if name != path.name:
            array = np.zeros((6, 28, 28) if "images" in name else 6, np.uint8)
            (path.parent / name).write_bytes(idx(array))
    load_mnist(path.parent)


READERS = {
    "fooling set": Reader("set.npz", write_fooling_sets, use_fooling_set, damage_archive),
    "recorded run": Reader("archive.npz", write_recorded, use_recorded, damage_archive),
    "ancestors": Reader("ancestors.npz", write_ancestors, load_ancestors, damage_archive),
    "bred pictures": Reader("bred.npz", write_bred, use_bred, damage_archive),
    "breeding log": Reader("session.jsonl", write_logs, read_log, damage_text),
    "features": Reader("features.npz", write_features, lambda path: load_features(path).directions, damage_archive),
    "lineage": Reader("archive.npz", write_lineages, use_lineage, damage_archive),
    "network": Reader("network.npz", write_networks, use_networks, damage_archive, share=0.25),
    "plane": Reader("plane.npz", write_planes, lambda path: measure_shares(read_plane(path)[1]), damage_archive),
    "ablation": Reader("ablation.npz", write_ablations, use_ablation, damage_archive),
    **{
        f"checkpoint of {name} evolution": Reader(
            "run.checkpoint.npz", evolution_checkpoints(encoding), continue_evolution(encoding), damage_archive
        )
        for name, encoding in ENCODINGS.items()
    },
    "checkpoint of training": Reader(
        "run.checkpoint.npz", training_checkpoints(training), continue_training(training), damage_archive, share=0.25
    ),
    "checkpoint of a convnet's training": Reader(
        "run.checkpoint.npz",
        training_checkpoints(convnet_training),
        continue_training(convnet_training),
        damage_archive,
        share=0.25,
    ),
    "checkpoint of ascent": Reader("run.checkpoint.npz", write_ascents, continue_ascent, damage_archive),
    "weights": Reader("weights.pth", write_weights, _read_weights, damage_weights),
    "safetensors": Reader("weights.safetensors", write_safetensors, _read_weights, damage_bytes),
    "idx": Reader("images", write_idx, read_idx, damage_bytes),
    "CIFAR-10": Reader("data_batch_1.bin", write_cifar, read_cifar_batch, damage_bytes),
    "MNIST": Reader(MNIST_FILES[1], write_labels, read_labels, damage_bytes),
    "picture": Reader("picture.png", write_pictures, lambda path: read_pngs([path]), damage_png),
    "photograph": Reader("photograph", write_photographs, read_image, damage_png),
    "table": Reader(
        "history.csv", write_tables, lambda path: read_table(path, ["generation", "median"], ["name"]), damage_text
    ),
    "history": Reader("history.csv", write_histories, read_history, damage_text),
    "configuration": Reader("config.yaml", write_configs, read_config, damage_text),
    "npm package": Reader("package.tgz", write_packages, read_package, damage_package),
}
