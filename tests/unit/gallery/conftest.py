"""Runs as evolution writes them, without a network: random CPPNs that replace each other by a fixed plan."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small import small_elites
from synthetic import make_set

from fooling.artifacts.ancestors import Ancestors, save_ancestors
from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.elites import save_elites
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings


@pytest.fixture(scope="session")
def save_cppn_run() -> Callable[..., list[Path]]:
    """Return a function that writes a run of CPPNs into a folder.

    Three classes; in generation 1 class 1 goes to a child of class 0's elite, in generation 2 class 2 to a child of
    that. It returns the paths of fooling set and ancestors.
    """

    def save(folder: Path, side: int, channels: int, **changed: Any) -> list[Path]:
        settings = CppnSettings(batch=5, generations=4, snapshots=[], add_node_rate=1, add_connection_rate=1, **changed)
        encoding = CppnEncoding((channels, side, side), settings)
        generator = torch.Generator().manual_seed(side)
        adam = encoding.random(3, generator)
        for _ in range(6):
            adam = encoding.mutate(adam, 1, generator)
        child = encoding.mutate(adam.select(torch.tensor([0])), 1, generator)
        grandchild = encoding.mutate(child, 2, generator)
        individual = np.array([0, 1, 2, 5, 10])
        genomes = Population(
            {name: torch.cat([p.tensors[name] for p in (adam, child, grandchild)]) for name in CPPN_GENES}
        )
        elites = np.array([0, 5, 10])
        rows = [(0, 0, 0, -1, -1), (0, 1, 1, -1, -1), (0, 2, 2, -1, -1), (1, 1, 5, 0, 0), (2, 2, 10, 5, 1)]
        dataset = "imagenet" if channels == 3 else "mnist"
        images = encoding.render(genomes.select(torch.tensor([0, 3, 4]))).numpy()
        made = make_set(images, [0, 1, 2], method="cppn", network="lite0", dataset=dataset, classes=3)
        recorded = settings.model_dump() | {"seed": 0, "device": "cpu"}
        made = FoolingSet(**{**vars(made), "born": np.array([0, 1, 2]), "provenance": {"settings": recorded}})
        save_fooling_set(folder / "fooling_set.npz", made)
        curves = {"kept_generations": np.arange(5), "log_confidence": np.full((5, 3), -0.5, np.float16)}
        last = small_elites(rows, elites.tolist(), origin=made.origin, provenance={"settings": recorded}, **curves)
        save_elites(folder / "elites.npz", last)
        tensors = {name: tensor.numpy() for name, tensor in genomes.tensors.items()}
        save_ancestors(folder / "ancestors.npz", {("lite0", 0): Ancestors(individual, **tensors)})
        return [folder / "fooling_set.npz", folder / "ancestors.npz"]

    return save
