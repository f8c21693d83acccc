"""The direct loop on pyribs: every image enters every niche of a `GridArchive` with one cell for each class."""

import numpy as np
import torch
from ribs.archives import GridArchive

from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Population
from fooling.networks.classifier import Classifier
from fooling.settings.evolution import DirectSettings


class RibsLoop:
    """The same work as `Evolution` with the direct encoding, down to the operators; the archive is pyribs'.

    Args:
        classifier: the network to fool, on the CPU.
        batch: children per generation.
    """

    def __init__(self, classifier: Classifier, batch: int) -> None:
        self._classifier = classifier
        self._batch = batch
        self._encoding = DirectEncoding(classifier.image_shape, DirectSettings())
        self._generator = torch.Generator().manual_seed(0)
        genomes = self._encoding.random(batch, self._generator)
        template = genomes.tensors["genes"]
        classes = classifier.classes
        self._shape = template.shape
        self._archive = GridArchive(
            solution_dim=template[0].numel(),
            dims=[classes],
            ranges=[(0, classes)],
            seed=0,
            solution_dtype=template.numpy().dtype,
            objective_dtype=np.float32,
        )
        self._niches = np.tile(np.arange(classes) + 0.5, batch)[:, None]
        self._generation = 0
        self._judge(genomes)

    def advance(self) -> None:
        """Complete one generation."""
        self._generation += 1
        parents = self._archive.sample_elites(self._batch)["solution"]
        population = Population({"genes": torch.from_numpy(parents).view(self._shape)})
        self._judge(self._encoding.mutate(population, self._generation, self._generator))

    def _judge(self, children: Population) -> None:
        images = self._encoding.render(children)
        confidence = self._classifier.log_confidence(images).exp().numpy()
        solutions = children.tensors["genes"].flatten(1).numpy()
        self._archive.add(np.repeat(solutions, confidence.shape[1], axis=0), confidence.ravel(), self._niches)
