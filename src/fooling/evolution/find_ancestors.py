"""Evolution again from its record, without the network: who replaced whom is known, and all else follows from the seed.

A run keeps the genomes of its last elites alone; this brings back those of their ancestors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fooling.artifacts.ancestors import Ancestors
from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.artifacts.elites import load_elites
from fooling.artifacts.layout import damaged, has_layout
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.evolution.archive import Archive
from fooling.evolution.lineage import Lineage, lineage_of
from fooling.evolution.map_elites import breed
from fooling.settings.base import parse
from fooling.settings.evolution import CppnSettings


@dataclass(frozen=True)
class Recorded:
    """A run of CPPN evolution as its file of elites records it.

    Attributes:
        lineage: who replaced whom.
        settings: of the run.
        genomes: of the last elites.
        device: type of the device that it ran on, where its random numbers come from.
    """

    lineage: Lineage
    settings: CppnSettings
    genomes: Mapping[str, np.ndarray]
    device: str


def load_recorded(path: Path) -> Recorded:
    """Read the elites of a run of CPPN evolution.

    Raises:
        FoolingError: the file is missing or damaged, or holds no CPPNs.
    """
    elites = load_elites(path)
    lineage = lineage_of(elites)
    method = lineage.origin.method
    if method != "cppn":
        raise FoolingError(f"{path} holds no CPPNs (method: {method}); give the elites of CPPN runs alone.")
    settings_of_run = elites.provenance.get("settings")
    known: dict[str, Any] = settings_of_run if isinstance(settings_of_run, dict) else {}
    lacking = [name for name in (*CppnSettings.model_fields, "device") if known.get(name) is None]
    if lacking:
        raise FoolingError(f"{path} does not say its run's {lacking[0]}; make that run again.")
    settings = parse(CppnSettings, {name: known[name] for name in CppnSettings.model_fields}, f"The settings in {path}")
    genomes = elites.genomes
    if genomes.keys() != CPPN_GENES.keys() or not has_layout(genomes, CPPN_GENES):
        raise damaged(path)
    nodes = INPUTS + settings.max_hidden_nodes
    fits = genomes["source"].shape[1] == settings.max_connections and genomes["function"].shape[1] - nodes in (1, 3)
    fits = fits and lineage.generation[0] == 0
    if not fits or (lineage.individual // settings.batch != lineage.generation).any():
        raise damaged(path)
    return Recorded(lineage, settings, genomes, known["device"])


def find_ancestors(recorded: Recorded, device: torch.device) -> Ancestors:
    """Breed all generations again and return the genomes of the last elites and of their ancestors.

    Args:
        recorded: the run.
        device: of the type that it ran on.

    Raises:
        FoolingError: the device is another, or the run does not end in the recorded genomes.
    """
    if device.type != recorded.device:
        raise FoolingError(f"A run on {recorded.device} has random numbers of that device; trace it there.")
    lineage, settings = recorded.lineage, recorded.settings
    rows = {row for cell in np.flatnonzero(lineage.elites >= 0).tolist() for row in lineage.ancestry(cell).tolist()}
    wanted = np.unique(lineage.individual[sorted(rows)])
    outputs = recorded.genomes["function"].shape[1] - INPUTS - settings.max_hidden_nodes
    encoding = CppnEncoding((outputs, 1, 1), settings)  # nothing is drawn
    generator = seeded_generator(lineage.run, device, "evolution", "cppn")
    found: list[Population] = []
    archive: Archive | None = None
    for generation in range(settings.generations + 1):
        children, _ = breed(encoding, archive, settings.batch, generation, generator)
        if archive is None:
            archive = Archive.empty(len(lineage.elites), children)
        begin, end = np.searchsorted(lineage.generation, [generation, generation + 1])
        cells = torch.from_numpy(lineage.cell[begin:end]).to(device)
        individual = torch.from_numpy(lineage.individual[begin:end]).to(device)
        first = generation * settings.batch
        archive.population.replace(cells, children.select(individual - first))
        archive.individual[cells] = individual
        born = wanted[(wanted >= first) & (wanted < first + settings.batch)]
        found.append(children.select(torch.from_numpy(born - first).to(device)))
    last = archive.population.tensors if archive is not None else {}
    if any((last[name].cpu().numpy() != genes).any() for name, genes in recorded.genomes.items()):
        raise FoolingError(
            f"Run {lineage.run} against {lineage.origin.network} does not end in its recorded genomes; "
            "another version made it, so make that run again."
        )
    genes = {name: torch.cat([part.tensors[name] for part in found]).cpu().numpy() for name in CPPN_GENES}
    return Ancestors(wanted, **genes)
