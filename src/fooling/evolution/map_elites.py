"""MAP-Elites against a network: the loop of the paper's Figure 2 (section 2.2)."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from fooling.checkpoint import Checkpoint
from fooling.classifier import Classifier
from fooling.encodings.population import Encoding, Population
from fooling.evolution.archive import Archive
from fooling.evolution.history import History
from fooling.progress import Progress
from fooling.settings.evolution import EvolutionSettings


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
    """One run of MAP-Elites: one cell for each class of the network.

    Attributes:
        encoding: how genomes become images.
        classifier: the network to fool.
        settings: generations, batch, fitness, snapshots.
        generator: the only source of randomness, on the classifier's device.
        generation: the last complete generation; -1 before the initial population, which is generation 0.
        archive: the elites.
        history: what happened.
        snapshots: the elites' images at the generations that the settings ask for, and at the last one.
    """

    encoding: Encoding
    classifier: Classifier
    settings: EvolutionSettings
    generator: torch.Generator
    generation: int = field(init=False, default=-1)
    archive: Archive = field(init=False)
    history: History = field(init=False)
    snapshots: list[Snapshot] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        template = self.encoding.random(1, torch.Generator(self.generator.device).manual_seed(0))
        self.archive = Archive(self.classifier.classes, template)
        self.history = History(self.settings.batch)

    def run(self, checkpoint: Checkpoint) -> None:
        """Complete the run, from the checkpoint if there is one."""
        stored = checkpoint.load()
        if stored is not None:
            self._restore(stored[1])
        with Progress("evolution", self.settings.generations, "generation") as progress:
            while self.generation < self.settings.generations:
                self._advance()
                progress.update(self.generation, self._status)
                if checkpoint.due():
                    checkpoint.save({}, self._state())

    def _advance(self) -> None:
        """Breed, judge and file one generation."""
        self.generation += 1
        children, parent_cells = self._breed()
        images = self.encoding.render(children)
        log_confidence = self.classifier.log_confidence(images)
        # In float32 a confidence saturates at exactly 1 and evolution stops there, as in the paper.
        fitness = log_confidence.exp() if self.settings.fitness == "float32" else log_confidence
        first = self.generation * self.settings.batch
        replacements = self.archive.challenge(children, fitness, first, parent_cells)
        self.history.record(self.generation, self.confidence, replacements)
        if self.generation in {*self.settings.snapshots, self.settings.generations}:
            self.snapshots.append(self._snapshot())

    def _breed(self) -> tuple[Population, Tensor]:
        """Return the children of this generation and the cells their parents were drawn from (-1 for none)."""
        batch = self.settings.batch
        if self.generation == 0:
            return self.encoding.random(batch, self.generator), self.archive.individual.new_full((batch,), -1)
        cells = self.archive.sample(batch, self.generator)
        parents = self.archive.population.select(cells)
        return self.encoding.mutate(parents, self.generation, self.generator), cells

    @property
    def confidence(self) -> Tensor:
        """Confidence of each elite in its cell's class, float (classes,) in [0, 1]."""
        fitness = self.archive.fitness
        return fitness if self.settings.fitness == "float32" else fitness.double().exp()

    def _snapshot(self) -> Snapshot:
        born = self.archive.individual // self.settings.batch
        images = self.encoding.render(self.archive.population)
        return Snapshot(self.generation, images.cpu().numpy(), born.cpu().numpy())

    def _status(self) -> str:
        confidence = self.confidence
        sure = int((confidence >= 0.99).sum())
        return f"median confidence {confidence.median():.4f}, {sure} of {len(confidence)} classes at 0.99"

    def _state(self) -> dict[str, np.ndarray]:
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

    def _restore(self, state: dict[str, np.ndarray]) -> None:
        device = self.generator.device
        self.generation = int(state["generation"])
        self.generator.set_state(torch.from_numpy(state["generator"]))
        tensors = {name: torch.from_numpy(array).to(device) for name, array in _under("archive", state).items()}
        self.archive.population = Population(tensors)
        self.archive.fitness = torch.from_numpy(state["fitness"]).to(device)
        self.archive.individual = torch.from_numpy(state["individual"]).to(device)
        self.history.restore(_under("history", state), device)
        snapshots = _under("snapshot", state)
        generations = sorted({int(name.split("/")[0]) for name in snapshots})
        self.snapshots = [Snapshot(g, snapshots[f"{g}/images"], snapshots[f"{g}/born"]) for g in generations]


def _under(prefix: str, state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name.removeprefix(f"{prefix}/"): array for name, array in state.items() if name.startswith(f"{prefix}/")}
