"""MAP-Elites against a network: the loop of the paper's Figure 2 (section 2.2)."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from fooling.encodings.population import Encoding, Population
from fooling.evolution.archive import Archive
from fooling.evolution.history import History
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
        self.history = History(self.settings.batch, self.classes)

    def breed(self) -> Brood:
        """Return the children of the next generation."""
        archive = self.archive if self.generation >= 0 else None
        genomes, parent_cells = breed(self.encoding, archive, self.settings.batch, self.generation + 1, self.generator)
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


def breed(
    encoding: Encoding, archive: Archive | None, batch: int, generation: int, generator: torch.Generator
) -> tuple[Population, Tensor]:
    """Return the genomes of one generation, and the cells that their parents were drawn from, int64 (batch,).

    Args:
        encoding: of the genomes.
        archive: the elites so far; None for the initial population, whose parent cells are -1.
        batch: number of children.
        generation: their number; the initial population is generation 0.
        generator: the only source of randomness.
    """
    if archive is None:
        return encoding.random(batch, generator), torch.full((batch,), -1, device=generator.device)
    parent_cells = archive.sample(batch, generator)
    parents = archive.population.select(parent_cells)
    return encoding.mutate(parents, generation, generator), parent_cells
