"""A run of evolution as its file of elites records it, from which its last images are drawn again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.elites import load_elites
from fooling.artifacts.layout import damaged, has_layout
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding, Population
from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage, lineage_of
from fooling.settings.base import parse
from fooling.settings.evolution import CppnSettings, DirectSettings

_SETTINGS: dict[str, type[CppnSettings | DirectSettings]] = {"cppn": CppnSettings, "direct": DirectSettings}


@dataclass(frozen=True)
class Recorded:
    """A run of evolution.

    Attributes:
        lineage: who replaced whom.
        settings: of the run; their type tells the encoding.
        genomes: of the last elites, a row for each class; the row of a class without an elite means nothing.
        device: type of the device that it ran on, where its random numbers come from.
    """

    lineage: Lineage
    settings: CppnSettings | DirectSettings
    genomes: Mapping[str, np.ndarray]
    device: str

    def draw(self, image_shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Return the classes that have an elite, int64 (N,), and its image, uint8 (N, C, H, W).

        Args:
            image_shape: (C, H, W) of the images. CPPNs can be drawn in any size.

        Raises:
            FoolingError: the genomes are not sound, or not of such images.
        """
        encoding = self._encoding(image_shape)
        population = Population({name: torch.from_numpy(genes) for name, genes in self.genomes.items()})
        if not encoding.holds(population):
            raise FoolingError(
                f"The genomes are damaged, or not of images of the shape {image_shape}; copy them again, or give a "
                f"network like {self.lineage.origin.network}, which they fool."
            )
        target = np.flatnonzero(self.lineage.elites >= 0)
        return target, encoding.render(population.select(torch.from_numpy(target))).numpy()

    def _encoding(self, image_shape: tuple[int, int, int]) -> Encoding:
        if isinstance(self.settings, DirectSettings):
            return DirectEncoding(image_shape, self.settings)
        return CppnEncoding(image_shape, self.settings)


def load_recorded(path: Path) -> Recorded:
    """Read the elites of a run.

    Raises:
        FoolingError: the file is missing or damaged, or of an encoding that is not known here.
    """
    elites = load_elites(path)
    lineage = lineage_of(elites)
    settings_type = _SETTINGS.get(lineage.origin.method)
    if settings_type is None:
        raise FoolingError(f"{path} is of the encoding {lineage.origin.method}; give elites of direct or cppn runs.")
    settings_of_run = elites.provenance.get("settings")
    known: dict[str, Any] = {"cpu_backend": "torch"}  # older runs knew no other
    known |= settings_of_run if isinstance(settings_of_run, dict) else {}
    lacking = [name for name in (*settings_type.model_fields, "device") if known.get(name) is None]
    if lacking:
        raise FoolingError(f"{path} does not say its run's {lacking[0]}; make that run again.")
    settings = parse(
        settings_type, {name: known[name] for name in settings_type.model_fields}, f"The settings in {path}"
    )
    if isinstance(settings, CppnSettings) and not _fits(elites.genomes, settings):
        raise damaged(path)
    if lineage.generation[0] != 0 or (lineage.individual // settings.batch != lineage.generation).any():
        raise damaged(path)
    return Recorded(lineage, settings, elites.genomes, known["device"])


def _fits(genomes: Mapping[str, np.ndarray], settings: CppnSettings) -> bool:
    if genomes.keys() != CPPN_GENES.keys() or not has_layout(genomes, CPPN_GENES):
        return False
    nodes = INPUTS + settings.max_hidden_nodes
    return genomes["source"].shape[1] == settings.max_connections and genomes["function"].shape[1] - nodes in (1, 3)
