"""Evolution again from its record, without the network: who replaced whom is known, and all else follows from the seed.

An archive keeps the genomes of the last elites alone; this brings back those of their ancestors.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fooling.artifacts.ancestors import Ancestors
from fooling.artifacts.layout import damaged, load_artifact
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.evolution.archive import Archive
from fooling.evolution.lineage import Lineage, load_lineage
from fooling.settings.base import parse
from fooling.settings.evolution import CppnSettings

GENES = ("source", "target", "weight", "function")
_LAYOUT = {"genomes/source": "int16 K E", "genomes/target": "int16 K E", "genomes/weight": "float32 K E"}
_LAYOUT |= {"genomes/function": "int8 K V", "individual": "int64 K"}


@dataclass(frozen=True)
class Recorded:
    """A run of CPPN evolution as its archive records it.

    Attributes:
        lineage: who replaced whom.
        settings: of the run.
        genomes: of the last elites.
        device: type of the device that it ran on, where its random numbers come from.
    """

    lineage: Lineage
    settings: CppnSettings
    genomes: dict[str, np.ndarray]
    device: str


def load_recorded(path: Path) -> Recorded:
    """Read an archive of CPPNs.

    Raises:
        FoolingError: the file is missing or damaged, or holds no CPPNs.
    """
    lineage = load_lineage(path)
    method = lineage.origin.get("method", "unknown")
    if method != "cppn":
        raise FoolingError(f"{path} holds no CPPNs (method: {method}); give archives of CPPNs alone.")
    header, arrays = load_artifact(path, "archive", _LAYOUT, {"provenance": dict})
    told: dict[str, Any] = header["provenance"]["settings"] | {"network": lineage.origin.get("network")}
    lacking = [name for name in (*CppnSettings.model_fields, "device", "network") if told.get(name) is None]
    if lacking:
        raise FoolingError(f"{path} does not say its run's {lacking[0]}; make that run again.")
    settings = parse(CppnSettings, {name: told[name] for name in CppnSettings.model_fields}, f"The settings in {path}")
    genomes = {name: arrays[f"genomes/{name}"] for name in GENES}
    nodes = INPUTS + settings.max_hidden_nodes
    fits = genomes["source"].shape[1] == settings.max_connections and genomes["function"].shape[1] - nodes in (1, 3)
    fits = fits and lineage.generation[0] == 0
    if not fits or (lineage.individual // settings.batch != lineage.generation).any():
        raise damaged(path)
    return Recorded(lineage, settings, genomes, told["device"])


def trace_ancestors(recorded: Recorded, device: torch.device) -> Ancestors:
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
    for generation in range(settings.generations + 1):
        if generation == 0:
            children = encoding.random(settings.batch, generator)
            archive = Archive.empty(len(lineage.elites), children)
        else:
            parents = archive.population.select(archive.sample(settings.batch, generator))
            children = encoding.mutate(parents, generation, generator)
        begin, end = np.searchsorted(lineage.generation, [generation, generation + 1])
        cells = torch.from_numpy(lineage.cell[begin:end]).to(device)
        individual = torch.from_numpy(lineage.individual[begin:end]).to(device)
        first = generation * settings.batch
        archive.population.replace(cells, children.select(individual - first))
        archive.individual[cells] = individual
        born = wanted[(wanted >= first) & (wanted < first + settings.batch)]
        found.append(children.select(torch.from_numpy(born - first).to(device)))
    if any((archive.population.tensors[name].cpu().numpy() != recorded.genomes[name]).any() for name in GENES):
        raise FoolingError(
            f"Run {lineage.run} against {lineage.origin['network']} does not end in its recorded genomes; "
            "another version made it, so make that run again."
        )
    genes = {name: torch.cat([part.tensors[name] for part in found]).cpu().numpy() for name in GENES}
    return Ancestors(wanted, **genes)
