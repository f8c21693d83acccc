"""What every encoding promises."""

from collections.abc import Callable

import pytest
import torch
from fourier import FourierEncoding

from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Encoding, Population
from fooling.settings.evolution import CppnSettings, DirectSettings

SHAPES = [(1, 28, 28), (3, 20, 16)]
MAKERS: dict[str, Callable[[tuple[int, int, int]], Encoding]] = {
    "direct": lambda shape: DirectEncoding(shape, DirectSettings()),
    "direct with crossover": lambda shape: DirectEncoding(shape, DirectSettings(crossover_rate=0.5)),
    "cppn": lambda shape: CppnEncoding(shape, CppnSettings()),
    "cppn, pixels, hls": lambda shape: CppnEncoding(shape, CppnSettings(coordinates="pixels", colour="hls")),
    "fourier, a third one in a test": FourierEncoding,
}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[[tuple[int, int, int]], Encoding]:
    return MAKERS[request.param]


def equal(one: Population, other: Population) -> bool:
    return all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def line(encoding: Encoding, device: torch.device, seed: int, count: int = 30) -> list[Population]:
    generator = torch.Generator(device).manual_seed(seed)
    populations = [encoding.random(count, generator)]
    for generation in range(1, 6):
        populations.append(encoding.mutate(populations[-1], generation, generator))
    return populations


@pytest.mark.parametrize("shape", SHAPES)
def test_images_have_the_shape_and_type_of_a_png(make, shape, device) -> None:
    encoding = make(shape)
    for population in line(encoding, device, 1):
        images = encoding.render(population)
        assert images.shape == (30, *shape)
        assert images.dtype == torch.uint8
        assert images.device.type == device.type
    assert len(images.unique()) > 20


def test_the_same_seed_gives_the_same_line_and_another_seed_another(make, device) -> None:
    encoding = make((1, 28, 28))
    one, same, other = line(encoding, device, 1), line(encoding, device, 1), line(encoding, device, 2)
    assert all(equal(a, b) for a, b in zip(one, same, strict=True))
    assert not any(equal(a, b) for a, b in zip(one, other, strict=True))


def test_mutation_leaves_the_parents_alone(make, device) -> None:
    encoding = make((1, 28, 28))
    generator = torch.Generator(device).manual_seed(3)
    parents = encoding.random(10, generator)
    before = parents.select(torch.arange(10, device=device))
    encoding.mutate(parents, 1, generator)
    assert equal(parents, before)


def test_children_resemble_their_parents_more_than_strangers(make, device) -> None:
    encoding = make((1, 28, 28))
    generator = torch.Generator(device).manual_seed(4)
    parents = encoding.random(200, generator)
    own = encoding.render(parents).float()
    children = encoding.render(encoding.mutate(parents, 1, generator)).float()
    assert (children - own).abs().mean() < (children - own.roll(2, 0)).abs().mean()


def test_rendering_does_not_depend_on_the_neighbours(make, device) -> None:
    encoding = make((3, 20, 16))
    population = line(encoding, device, 5)[-1]
    rows = torch.tensor([7, 3, 21], device=device)
    assert torch.equal(encoding.render(population.select(rows)), encoding.render(population)[rows])
