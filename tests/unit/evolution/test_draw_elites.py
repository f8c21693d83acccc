"""Images drawn again from the genomes that a run leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fooling.artifacts.fooling_set import load_fooling_set
from fooling.errors import FoolingError
from fooling.evolution.draw_again import draw_again
from fooling.evolution.recorded import load_recorded
from fooling.networks.classifier import load_classifier
from fooling.networks.convnet import ConvNet
from fooling.networks.network_file import TrainedNetwork, save_networks
from fooling.networks.preprocessing import Preprocessing

STEP = "fooling.steps.evolution.draw_elites"


@pytest.fixture
def evolve(run_main: Callable[..., int], network: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Evolve briefly with an encoding and return the folder with what the run left."""

    def folder(encoding: str) -> Path:
        assert run_main(f"fooling.steps.evolution.evolve_{encoding}", "--network", network, *paths, *numbers) == 0
        return tmp_path

    files = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}
    paths = [part for name, file in files.items() for part in (f"--{name}", tmp_path / file)]
    numbers = ("--seed", 3, "--generations", 12, "--batch", 20, "--snapshots", "[]")
    return folder


@pytest.mark.parametrize("encoding", ["cppn", "direct"])
def test_the_images_and_their_confidence_come_back_byte_for_byte(
    encoding: str, evolve: Callable[[str], Path], network: Path, run_main: Callable[..., int]
) -> None:
    run = evolve(encoding)
    output = ("--output", run / "again.npz", "--pngs", run / "pictures")
    assert run_main(STEP, "--elites", run / "elites.npz", "--network", network, *output) == 0
    stored, again = load_fooling_set(run / "fooling_set.npz"), load_fooling_set(run / "again.npz")
    for column in ("images", "target", "log_confidence", "generation", "born", "run"):
        np.testing.assert_array_equal(getattr(again, column), getattr(stored, column), err_msg=column)
    assert again.origin == stored.origin
    pictures = sorted((run / "pictures").iterdir())
    assert [path.stem for path in pictures] == sorted(stored.image_names)
    np.testing.assert_array_equal(np.asarray(Image.open(pictures[4])), stored.images[4, 0])


@pytest.mark.parametrize("encoding", ["cppn", "direct"])
def test_genes_of_another_kind_are_told(encoding: str, evolve: Callable[[str], Path]) -> None:
    recorded = load_recorded(evolve(encoding) / "elites.npz")
    genes = {name: array.astype(np.float64) for name, array in recorded.genomes.items()}
    with pytest.raises(FoolingError, match="The genomes are damaged"):
        replace(recorded, genomes=genes).draw((1, 28, 28))


def test_what_does_not_fit_is_told(evolve: Callable[[str], Path], network: Path, tmp_path: Path) -> None:
    recorded = load_recorded(evolve("cppn") / "elites.npz")
    classifier = load_classifier(network, torch.device("cpu"))
    target = recorded.genomes["target"].copy()
    target[2, 0] = 0
    with pytest.raises(FoolingError, match="The genomes are damaged, or not of images of the shape"):
        draw_again(replace(recorded, genomes=recorded.genomes | {"target": target}), classifier, "lenet-1", {})
    for classes, channels, message in (
        (9, 1, "aim at 10 classes, but other has 9"),
        (10, 3, "images of the shape \\(3, 32, 32\\)"),
    ):
        shape = (channels, 32, 32)
        net = ConvNet(classes, channels=channels, width=2)
        other = TrainedNetwork(
            "convnet",
            net,
            Preprocessing(torch.zeros(shape), 1),
            "d",
            classes,
            shape,
            {"channels": channels, "width": 2},
        )
        save_networks(tmp_path / "other.npz", [other], {})
        with pytest.raises(FoolingError, match=message):
            draw_again(recorded, load_classifier(tmp_path / "other.npz", torch.device("cpu")), "other", {})
