"""Drawing and mutation on each device, against slow or compiled ones of the CPU; needs no more than torch and numpy."""

import numpy as np
import pytest
import torch

from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import Genomes, mutate_genomes, random_genomes
from fooling.encodings.cppn_program import compile_genomes
from fooling.encodings.cppn_reference import draw, read_genome
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.encodings.direct import DirectEncoding, mutate_with_tensors
from fooling.encodings.direct_kernel import mutate
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings, DirectSettings

SETTINGS = CppnSettings()


def grown(count: int, times: int, outputs: int) -> Genomes:
    generator = torch.Generator().manual_seed(outputs)
    seeds = torch.randint(-(2**62), 2**62, (times + 1, count), generator=generator)
    genomes = random_genomes(seeds[0], outputs, SETTINGS)
    for row in seeds[1:]:
        mutate_genomes(genomes, row, SETTINGS)
    return genomes


def on(device: torch.device, population: Population) -> Population:
    return Population({name: tensor.to(device) for name, tensor in population.tensors.items()})


@pytest.mark.parametrize(("outputs", "coordinates"), [(1, "unit"), (3, "pixels")])
@pytest.mark.parametrize("times", [0, 60])
def test_the_renderer_agrees_with_the_slow_reference(outputs, coordinates, times, device) -> None:
    population = grown(12, times, outputs).population()
    inputs = coordinate_planes(23, 37, coordinates)
    program = compile_genomes(Genomes.of(on(device, population), outputs))
    images = run_program(program, inputs.to(device)).cpu().numpy()
    for row, image in enumerate(images):
        np.testing.assert_array_equal(image, draw(read_genome(population, row, outputs), inputs.numpy()))


def test_cppns_mutate_alike_everywhere(device) -> None:
    parents = grown(200, 40, 3).population()
    seeds = torch.randint(-(2**62), 2**62, (200,), generator=torch.Generator().manual_seed(9))
    here, there = Genomes.of(parents, 3), Genomes.of(on(device, parents), 3)
    CppnEncoding((3, 8, 8), SETTINGS)._mutate_on_cpu(here, seeds)
    mutate_genomes(there, seeds.to(device), SETTINGS)
    for name in ("source", "target", "function"):
        assert torch.equal(getattr(here, name), getattr(there, name).cpu()), name
    torch.testing.assert_close(here.weight, there.weight.cpu(), atol=1e-6, rtol=0)


def test_direct_genomes_mutate_and_draw_alike_everywhere(device) -> None:
    encoding = DirectEncoding((3, 32, 32), DirectSettings())
    generator = torch.Generator().manual_seed(4)
    here = encoding.random(50, generator).tensors["genes"].flatten(1)
    seeds = torch.randint(-(2**62), 2**62, (50,), generator=generator)
    there = here.to(device, copy=True)
    mutate(here.numpy(), seeds.numpy(), np.float32(0.1), 15.0)
    mutate_with_tensors(there, seeds.to(device), 0.1, 15.0)
    # One of 65,535 steps, where the two powers round to either side of a half.
    torch.testing.assert_close(here, there.cpu(), atol=1, rtol=0)
    assert (here == there.cpu()).float().mean() > 0.999
    drawn = [encoding.render(Population({"genes": genes.view(-1, 3, 32, 32)})) for genes in (here, here.to(device))]
    assert torch.equal(drawn[0], drawn[1].cpu())
