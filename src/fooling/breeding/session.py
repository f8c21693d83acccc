"""A session: generations of CPPN genomes, of which the breeder chooses the parents of the next (Picbreeder).

Every generation is a function of the seed, the number of the choice and the parents, so that the log of the choices
replays to the same genomes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fooling.artifacts.distinct import first_distinct
from fooling.breeding.log import Act, Begin, Choose, Publish, Undo
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.settings.breeding import BreedingSettings, Strength
from fooling.settings.evolution import CppnSettings

CPU = torch.device("cpu")
SPARE = 3
"""So many children are born for each place; those that show nothing new are left out."""
THUMBNAIL = (3, 32, 32)
"""Shape of the images by which that is told."""

FINE = {
    "weight_mutation_rate": 0.3,
    "weight_mutation_eta": 30.0,
    "function_mutation_rate": 0.0,
    "add_connection_rate": 0.0,
    "delete_connection_rate": 0.0,
    "add_node_rate": 0.0,
    "delete_node_rate": 0.0,
}
MUTATIONS: dict[Strength, tuple[dict[str, float], int]] = {"fine": (FINE, 1), "usual": ({}, 1), "bold": ({}, 3)}
"""What of the paper's rates is changed, and how often a child is mutated."""


@dataclass(frozen=True)
class Published:
    """A picture in which the breeder saw something.

    Attributes:
        genomes: of this picture alone.
        label: what it shows, in the breeder's words.
        generation: how many generations lead to it from a random one.
    """

    genomes: Population
    label: str
    generation: int


class Session:
    """The state of a session; `play` moves it.

    Args:
        begin: seed and settings.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._settings = begin.settings
        self._thumbnails = _encoding(THUMBNAIL, begin.settings)
        self._choices = 0
        self._generations = [self._random_generation()]
        self.published: list[Published] = []

    @classmethod
    def replay(cls, begin: Begin, acts: Sequence[Act], where: str) -> "Session":
        """Return the session after all `acts` of a log.

        Raises:
            FoolingError: an act is impossible, or not of the genomes that this program sees; it begins with `where`.
        """
        session = cls(begin)
        for number, act in enumerate(acts, 2):
            try:
                session.play(act)
            except FoolingError as error:
                raise FoolingError(f"{where}, line {number}: {error}") from error
        return session

    @property
    def genomes(self) -> Population:
        """The generation that is shown."""
        return self._generations[-1]

    @property
    def generation(self) -> int:
        """Its number; 0 is random."""
        return len(self._generations) - 1

    def choose(self, parents: Sequence[int], strength: Strength) -> Choose:
        """Return the act of choosing `parents`, positions in the generation that is shown."""
        return Choose(parents=list(parents), strength=strength, genomes=self._digest(parents))

    def publish(self, image: int, label: str) -> Publish:
        """Return the act of publishing one picture of the generation that is shown."""
        return Publish(image=image, label=label, genomes=self._digest([image]))

    def play(self, act: Act) -> None:
        """Do what the act says.

        Raises:
            FoolingError: it is impossible here, or was done with other genomes; nothing has changed then.
        """
        if isinstance(act, Undo):
            if not self.generation:
                raise FoolingError("there is no generation before the first to go back to.")
            self._generations.pop()
            return
        chosen = act.parents if isinstance(act, Choose) else [act.image]
        if act.genomes != self._digest(chosen):
            raise FoolingError(
                "its genomes are not those seen here; the log was edited, or made by another version of the program."
            )
        selected = self.genomes.select(torch.tensor(chosen, dtype=torch.int64))
        if isinstance(act, Publish):
            self.published.append(Published(selected, act.label, self.generation))
            return
        self._choices += 1
        self._generations.append(self._next_generation(selected, act.strength) if chosen else self._random_generation())

    def _digest(self, positions: Sequence[int]) -> str:
        size = self._settings.population
        if len(set(positions)) < len(positions) or not all(0 <= position < size for position in positions):
            raise FoolingError(f"positions are from 0 to {size - 1}, each once, not {list(positions)}.")
        if len(positions) == size:
            raise FoolingError("all pictures are chosen, which leaves no room for children; choose fewer.")
        return genome_digest(self.genomes.select(torch.tensor(positions, dtype=torch.int64)))

    def _random_generation(self) -> Population:
        generator = self._generator()
        genomes = self._thumbnails.random(SPARE * self._settings.population, generator)
        for _ in range(self._settings.first_mutations):
            genomes = self._thumbnails.mutate(genomes, 0, generator)
        return self._worth_showing(genomes)

    def _next_generation(self, parents: Population, strength: Strength) -> Population:
        """Return the parents themselves, so that nothing good is lost, and their children in turn."""
        generator = self._generator()
        changed, times = MUTATIONS[strength]
        encoding = _encoding(THUMBNAIL, self._settings, changed)
        children = parents.select(torch.arange(SPARE * self._settings.population) % len(parents))
        for _ in range(times):
            children = encoding.mutate(children, self.generation + 1, generator)
        return self._worth_showing(_joined(parents, children))

    def _generator(self) -> torch.Generator:
        return seeded_generator(self._begin.seed, CPU, "breeding", str(self._choices))

    def _worth_showing(self, candidates: Population) -> Population:
        """Return the first ones that are neither plain nor repeat another; if they are too few, then those too."""
        images = self._thumbnails.render(candidates).numpy()
        repeats = ~np.isin(np.arange(len(images)), first_distinct(images))
        plain = (images == images[:, :, :1, :1]).all(axis=(1, 2, 3))
        order = np.argsort(repeats | plain, kind="stable")
        return candidates.select(torch.from_numpy(order[: self._settings.population]))


def render(genomes: Population, settings: BreedingSettings, image_shape: tuple[int, int, int]) -> Tensor:
    """Draw genomes of a session, uint8 (N, 3, H, W)."""
    return _encoding(image_shape, settings).render(genomes)


def genome_digest(genomes: Population) -> str:
    """Return 16 hexadecimal digits of the genomes' bytes."""
    parts = [genomes.tensors[name].numpy().tobytes() for name in sorted(genomes.tensors)]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _encoding(
    image_shape: tuple[int, int, int], settings: BreedingSettings, changed: dict[str, float] | None = None
) -> CppnEncoding:
    rates = CppnSettings(coordinates=settings.coordinates, colour=settings.colour)
    return CppnEncoding(image_shape, rates.model_copy(update=changed or {}))


def _joined(first: Population, second: Population) -> Population:
    return Population({name: torch.cat([first.tensors[name], second.tensors[name]]) for name in first.tensors})
