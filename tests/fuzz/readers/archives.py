"""What steps hand on: fooling sets, networks, lineages and other named arrays."""

from pathlib import Path

import numpy as np
import torch

from fooling.artifacts.ablation import Ablation, AblationFile, Pictures, load_ablation, save_ablation
from fooling.artifacts.ancestors import Ancestors, save_ancestors
from fooling.artifacts.bred import BredPictures, load_bred, save_bred
from fooling.artifacts.elites import save_elites
from fooling.artifacts.features import Features, save_features
from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set, save_fooling_set
from fooling.artifacts.origin import AscentOrigin, EvolutionOrigin, Origin
from fooling.artifacts.plane import Plane, save_plane
from fooling.artifacts.pngs import export_pngs
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.evolution.find_ancestors import find_ancestors
from fooling.evolution.lineage import find_images, load_lineage
from fooling.evolution.map_elites import Evolution
from fooling.evolution.outcome import elites_of
from fooling.evolution.recorded import load_recorded
from fooling.evolution.together import advance
from fooling.networks.convnet import ConvNet
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork, load_networks, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.ablation import AblationSettings
from fooling.settings.evolution import CppnSettings
from fooling.settings.plane import PlaneSettings
from readers.runs import CLASSES, CPU, ENCODINGS, SHAPE, Judge, evolve

EVOLUTION = EvolutionOrigin(
    method="cppn", network="lenet-1", dataset="mnist", classes=3, round=1, fitness="float32", generations=6, batch=5
)
ASCENT = AscentOrigin(
    method="ascent",
    network="lite0",
    dataset="own",
    classes=3,
    labels=["a", "b", "c"],
    set="169",
    rule="progress",
    mean=[1.5, 2.5, 3.5],
    milestones=[{"run": 0, "target": 1, "top_1": 3, "above_0.9999": None}],
)
ORIGINS: dict[str, Origin] = {"grey": EVOLUTION, "colour": ASCENT}


def write_fooling_sets(folder: Path) -> None:
    chance = np.random.default_rng(1)
    for name, channels, count in (("grey", 1, 6), ("colour", 3, 4)):
        images = chance.integers(0, 256, (count, channels, 5, 4), dtype=np.uint8)
        log_confidence, target = -chance.random(count), np.arange(count) % 3
        columns = (target, log_confidence, np.arange(count) // 3, np.zeros(count), np.zeros(count))
        fooling_set = FoolingSet(images, *columns, origin=ORIGINS[name], provenance={"settings": {"seed": 0}})
        save_fooling_set(folder / f"{name}.npz", fooling_set)


def use_fooling_set(path: Path) -> None:
    fooling_set = load_fooling_set(path)
    final = fooling_set.final()
    assert len(final) <= len(fooling_set)
    assert not np.isnan(final.confidence).any()
    assert fooling_set.origin.evaluations > 0


def write_features(folder: Path) -> None:
    chance = np.random.default_rng(1)
    values = chance.random((6, 4), dtype=np.float32)
    columns = (np.repeat([0, 1], 3), np.tile(np.arange(3), 2), np.zeros(6), np.arange(6))
    for name in ("one", "two"):
        save_features(folder / f"{name}.npz", Features(values, *columns, name, list(ORIGINS.values()), {}))


def write_lineages(folder: Path) -> None:
    for name, encoding in ENCODINGS.items():
        run = evolve(encoding)
        save_elites(folder / f"{name}.npz", elites_of(run, 1, EVOLUTION.model_copy(update={"method": name}), {}))


def use_lineage(path: Path) -> None:
    lineage = load_lineage(path)
    assert lineage.switched.sum() <= len(lineage.cell)
    for cell in range(min(len(lineage.elites), 5)):
        lineage.ancestry(cell)
    target = np.arange(min(len(lineage.elites), 3))
    zeros = np.zeros_like(target)
    images = np.zeros((len(target), 1, 2, 2), np.uint8)
    if len(target):
        find_images(lineage, FoolingSet(images, target, zeros, zeros, zeros, zeros, EVOLUTION, {}))


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
    fields = np.full((3, 5, 5), -1, np.float32)
    point, values = np.zeros(2, np.float32), np.zeros(3, np.float32)
    axis = np.linspace(-4, 4, 5, dtype=np.float32)
    points = np.zeros((3, 2), np.float32)
    plane = Plane(
        points, np.arange(3), axis, fields, fields, -2.0, point, values, values, 7, 0.1, PlaneSettings(reach=4.0)
    )
    save_plane(folder / "plane.npz", plane, {})


def write_ablations(folder: Path) -> None:
    numbers, none = np.zeros((4, 5)), np.zeros((4, 2, 2), np.int64)
    ablation = Ablation(np.arange(4), none, numbers.astype(np.int64), numbers, numbers, numbers)
    pictures = Pictures(np.arange(2), np.zeros((2, 4, 3, 5, 5), np.uint8), np.zeros((2, 4)))
    file = AblationFile(ablation, pictures, np.arange(4), np.zeros(4, np.int64), 1, EVOLUTION, AblationSettings())
    save_ablation(folder / "ablation.npz", file, {})


def use_ablation(path: Path) -> None:
    file = load_ablation(path)
    assert len(file.target[file.pictures.row]) == len(file.pictures.images)


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
    record = {"settings": {**settings.model_dump(mode="json"), "seed": 1, "device": "cpu"}}
    save_elites(folder / "elites.npz", elites_of(run, 1, EVOLUTION, record))


def use_recorded(path: Path) -> None:
    recorded = load_recorded(path)
    if recorded.settings.generations <= 50 and recorded.settings.batch <= 50:
        find_ancestors(recorded, CPU)


def write_ancestors(folder: Path) -> None:
    genes = evolve(ENCODINGS["cppn"]).archive.population.tensors
    ancestors = Ancestors(np.arange(CLASSES), **{name: tensor.numpy() for name, tensor in genes.items()})
    save_ancestors(folder / "ancestors.npz", {("lenet-1", 0): ancestors, ("lenet-2", 1): ancestors})
