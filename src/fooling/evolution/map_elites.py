"""MAP-Elites against a network: the loop of the paper's Figure 2 (section 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fooling.artifacts.layout import has_layout
from fooling.devices import is_generator_state
from fooling.encodings.population import Encoding, Population
from fooling.evolution.archive import Archive
from fooling.evolution.history import LINEAGE, History, is_kept
from fooling.settings.evolution import EvolutionSettings


@dataclass(frozen=True)
class Brood:
    """The children of one generation.

    Attributes:
        genomes: N genomes.
        parent_cells: int64 (N,), the cells their parents were drawn from, or -1 for no parent.
        images: uint8 (N, C, H, W).
    """

    genomes: Population
    parent_cells: Tensor
    images: Tensor


@dataclass(frozen=True)
class Snapshot:
    """The elites of one generation, one per class.

    Attributes:
        generation: when it was taken.
        images: uint8 (classes, C, H, W).
        born: int64 (classes,), the generations in which the elites were born.
    """

    generation: int
    images: np.ndarray
    born: np.ndarray


@dataclass
class Evolution:
    """One run of MAP-Elites: one cell for each class of a network. `together.evolve` drives it.

    Attributes:
        encoding: how genomes become images.
        classes: number of classes to aim at: the network's, less its fooling class if it has one.
        settings: generations, batch, fitness, snapshots.
        generator: the only source of randomness, on the device of it all.
        generation: the last complete generation; -1 before the initial population, which is generation 0.
        archive: the elites, from generation 0 on.
        history: what happened.
        snapshots: the elites' images at the generations that the settings ask for, and at the last one.
    """

    encoding: Encoding
    classes: int
    settings: EvolutionSettings
    generator: torch.Generator
    generation: int = field(init=False, default=-1)
    archive: Archive = field(init=False)
    history: History = field(init=False)
    snapshots: list[Snapshot] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.history = History(self.settings.batch)

    def breed(self) -> Brood:
        """Return the children of the next generation."""
        batch = self.settings.batch
        if self.generation < 0:
            genomes = self.encoding.random(batch, self.generator)
            parent_cells = torch.full((batch,), -1, device=self.generator.device)
        else:
            parent_cells = self.archive.sample(batch, self.generator)
            parents = self.archive.population.select(parent_cells)
            genomes = self.encoding.mutate(parents, self.generation + 1, self.generator)
        return Brood(genomes, parent_cells, self.encoding.render(genomes))

    def judge(self, brood: Brood, log_confidence: Tensor) -> None:
        """Let the children compete by their log-confidences, float32 (N, classes), and file the generation."""
        self.generation += 1
        if self.generation == 0:
            self.archive = Archive.empty(self.classes, brood.genomes)
        # In float32 a confidence saturates at exactly 1 and evolution stops there, as in the paper.
        fitness = log_confidence.exp() if self.settings.fitness == "float32" else log_confidence
        first = self.generation * self.settings.batch
        replacements = self.archive.challenge(brood.genomes, fitness, first, brood.parent_cells)
        self.history.record(self.generation, self.confidence, replacements)
        if self.generation in {*self.settings.snapshots, self.settings.generations}:
            self.snapshots.append(self._snapshot())

    @property
    def confidence(self) -> Tensor:
        """Confidence of each elite in its cell's class, float (classes,) in [0, 1]."""
        fitness = self.archive.fitness
        return fitness if self.settings.fitness == "float32" else fitness.double().exp()

    def _snapshot(self) -> Snapshot:
        born = self.archive.individual // self.settings.batch
        images = self.encoding.render(self.archive.population)
        return Snapshot(self.generation, images.cpu().numpy(), born.cpu().numpy())

    def state(self) -> dict[str, np.ndarray]:
        """Return all that a checkpoint needs, after generation 0."""
        archive = {f"archive/{name}": tensor for name, tensor in self.archive.population.tensors.items()}
        archive |= {"fitness": self.archive.fitness, "individual": self.archive.individual}
        snapshots = {
            f"snapshot/{snapshot.generation}/{name}": getattr(snapshot, name)
            for snapshot in self.snapshots
            for name in ("images", "born")
        }
        return {
            "generation": np.array(self.generation),
            "generator": self.generator.get_state().numpy(),
            **{name: tensor.cpu().numpy() for name, tensor in archive.items()},
            **{f"history/{name}": array for name, array in self.history.state().items()},
            **snapshots,
        }

    def fits(self, _header: Mapping[str, Any], state: Mapping[str, np.ndarray]) -> bool:
        """Tell whether a checkpoint's state is one of this run; compiled code trusts a genome to be sound."""
        cells = f"int64 {self.classes}"
        layout = {"generation": "int64", "generator": "uint8 G", "fitness": f"float32 {self.classes}"}
        layout |= {"individual": cells, "history/statistics": "float64 * 4"}
        layout |= {"history/log_confidences": f"float16 * {self.classes}"}
        layout |= {f"history/{name}": "int64 R" for name in LINEAGE}
        if not has_layout(state, layout) or not 0 <= state["generation"] <= self.settings.generations:
            return False
        population = Population({name: torch.from_numpy(array) for name, array in _under("archive", state).items()})
        if not self.encoding.holds(population) or len(population) != self.classes:
            return False
        image = " ".join(map(str, self.encoding.render(population.select(torch.zeros(1, dtype=torch.int64))).shape[1:]))
        wanted = {*self.settings.snapshots, self.settings.generations}
        taken = [generation for generation in wanted if generation <= state["generation"]]
        snapshots = {f"snapshot/{generation}/images": f"uint8 {self.classes} {image}" for generation in taken}
        snapshots |= {f"snapshot/{generation}/born": cells for generation in taken}
        return (
            has_layout(state, snapshots)
            and len(_under("snapshot", state)) == len(snapshots)
            and len(state["history/statistics"]) == state["generation"] + 1
            and len(state["history/log_confidences"]) == sum(map(is_kept, range(int(state["generation"]) + 1)))
            and _are_within(state["history/generation"], 0, int(state["generation"]))
            and _are_within(state["history/cell"], 0, self.classes - 1)
            and _are_within(state["history/parent_cell"], -1, self.classes - 1)
            and state["individual"].max() >= 0
            and is_generator_state(state["generator"], self.generator.device)
        )

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over a checkpoint's state."""
        device = self.generator.device
        self.generation = int(state["generation"])
        self.generator.set_state(torch.from_numpy(state["generator"]))
        tensors = {name: torch.from_numpy(array).to(device) for name, array in _under("archive", state).items()}
        fitness, individual = (torch.from_numpy(state[name]).to(device) for name in ("fitness", "individual"))
        self.archive = Archive(Population(tensors), fitness, individual)
        self.history.restore(_under("history", state))
        snapshots = _under("snapshot", state)
        generations = sorted({int(name.split("/")[0]) for name in snapshots})
        self.snapshots = [Snapshot(g, snapshots[f"{g}/images"], snapshots[f"{g}/born"]) for g in generations]


def _are_within(values: np.ndarray, least: int, most: int) -> bool:
    return bool(((values >= least) & (values <= most)).all())


def _under(prefix: str, state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name.removeprefix(f"{prefix}/"): array for name, array in state.items() if name.startswith(f"{prefix}/")}
