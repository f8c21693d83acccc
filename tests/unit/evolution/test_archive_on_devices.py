"""The archive on each device against the archive on the CPU. The campaign of `benchmarks.gpu` runs this on a GPU."""

import torch

from fooling.encodings.population import Population
from fooling.evolution.archive import Archive

CELLS, BATCH = 40, 30


def test_every_device_keeps_the_same_elites(device: torch.device) -> None:
    generator = torch.Generator().manual_seed(1)
    template = Population({"gene": torch.zeros(1, 3, dtype=torch.int16)})
    there = Population({"gene": template.tensors["gene"].to(device)})
    archives = {torch.device("cpu"): Archive.empty(CELLS, template), device: Archive.empty(CELLS, there)}
    for generation in range(20):
        genes = torch.randint(-(2**15), 2**15, (BATCH, 3), generator=generator, dtype=torch.int16)
        # Few levels, hence many ties.
        fitness = torch.randint(8 * (generation + 1), (BATCH, CELLS), generator=generator).float()
        parents = torch.randint(-1, CELLS, (BATCH,), generator=generator)
        if generation == 0:
            parents.fill_(-1)
        rows = []
        for place, archive in archives.items():
            children = Population({"gene": genes.to(place)})
            new = archive.challenge(children, fitness.to(place), generation * BATCH, parents.to(place))
            rows.append(torch.stack([new.cell, new.individual, new.parent, new.parent_cell]).cpu())
        assert torch.equal(rows[0], rows[-1])
    ours, theirs = archives[torch.device("cpu")], archives[device]
    assert torch.equal(ours.fitness, theirs.fitness.cpu())
    assert torch.equal(ours.individual, theirs.individual.cpu())
    assert torch.equal(ours.population.tensors["gene"], theirs.population.tensors["gene"].cpu())
