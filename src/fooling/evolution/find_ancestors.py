"""Evolution again from its record, without the network: who replaced whom is known, and all else follows from the seed.

A run keeps the genomes of its last elites alone; this brings back those of their ancestors.
"""

import numpy as np
import torch

from fooling.artifacts.ancestors import Ancestors
from fooling.artifacts.cppn_genes import CPPN_GENES
from fooling.devices import seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.population import Population
from fooling.errors import FoolingError
from fooling.evolution.archive import Archive
from fooling.evolution.map_elites import breed
from fooling.evolution.recorded import Recorded
from fooling.settings.evolution import CppnSettings


def find_ancestors(recorded: Recorded, device: torch.device) -> Ancestors:
    """Breed all generations again and return the genomes of the last elites and of their ancestors.

    Args:
        recorded: the run.
        device: of the type that it ran on.

    Raises:
        FoolingError: it is no run of CPPNs, the device is another, or the run does not end in the recorded genomes.
    """
    lineage, settings = recorded.lineage, recorded.settings
    if not isinstance(settings, CppnSettings):
        raise FoolingError(
            f"Run {lineage.run} against {lineage.origin.network} is of the direct encoding; give CPPN runs alone."
        )
    if device.type != recorded.device:
        raise FoolingError(f"A run on {recorded.device} has random numbers of that device; trace it there.")
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
