from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fooling.encodings.counter_random import draw_seeds, uniform
from fooling.encodings.direct import DirectEncoding, mutate_with_tensors, mutation_rate, render_with_tensors
from fooling.encodings.operators import polynomial_step, simulated_binary_crossover
from fooling.encodings.population import Population
from fooling.settings.evolution import DirectSettings

U64 = 2**64


def splitmix64(seed: int, counter: int) -> float:
    """SplitMix64 in Python's whole numbers."""
    bits = (seed + counter * 0x9E3779B97F4A7C15) % U64
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) % U64
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) % U64
    return ((bits ^ (bits >> 31)) >> 40) / 2**24


@given(seed=st.integers(-(2**63), 2**63 - 1), counter=st.integers(-(2**40), 2**40))
def test_random_numbers_are_splitmix64(seed: int, counter: int) -> None:
    expected = splitmix64(seed, counter)
    assert uniform(torch.tensor([seed]), counter).item() == expected
    assert uniform(torch.tensor([seed]), torch.tensor([counter])).item() == expected


def test_random_numbers_of_one_generation_are_uniform() -> None:
    seeds = torch.randint(2**62, (500, 1), generator=torch.Generator().manual_seed(1))
    numbers = uniform(seeds, torch.arange(1000))
    histogram = torch.histc(numbers, 20, 0, 1) / numbers.numel()
    assert (histogram - 0.05).abs().max() < 0.002
    assert np.abs(np.corrcoef(numbers[:, :50].T.numpy()) - np.eye(50)).max() < 0.25


def plain_polynomial_step(u: float, eta: float) -> float:
    if u < 0.5:
        return (2 * u) ** (1 / (eta + 1)) - 1
    return 1 - (2 * (1 - u)) ** (1 / (eta + 1))


@given(u=st.integers(0, 2**24 - 1).map(lambda n: n / 2**24), eta=st.sampled_from([0.0, 5.0, 15.0]))
def test_polynomial_step(u: float, eta: float) -> None:
    step = polynomial_step(torch.tensor([u]), eta).item()
    assert step == pytest.approx(plain_polynomial_step(u, eta), abs=1e-6)
    assert -1 <= step <= 1


def plain_crossover(a: float, b: float, u: float, eta: float) -> tuple[float, float]:
    """Bounded SBX for one gene as Deb describes it."""
    if a == b:
        return 0.5, 0.5
    low, high = min(a, b), max(a, b)

    def spread(beta: float) -> float:
        alpha = 2 - beta ** -(eta + 1)
        return (u * alpha) ** (1 / (eta + 1)) if u <= 1 / alpha else (1 / (2 - u * alpha)) ** (1 / (eta + 1))

    lower = 0.5 * (low + high - spread(1 + 2 * low / (high - low)) * (high - low))
    upper = 0.5 * (low + high + spread(1 + 2 * (1 - high) / (high - low)) * (high - low))
    lower, upper = min(max(lower, 0), 1), min(max(upper, 0), 1)
    return (lower, upper) if a <= b else (upper, lower)


genes = st.integers(0, 1000).map(lambda n: n / 1000)


@settings(max_examples=300)
@given(a=genes, b=genes, u=st.integers(0, 999).map(lambda n: n / 1000))
def test_crossover(a: float, b: float, u: float) -> None:
    children = simulated_binary_crossover(torch.tensor([a]), torch.tensor([b]), torch.tensor([u]), 10.0)
    expected = plain_crossover(a, b, u, 10.0)
    assert [child.item() for child in children] == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize(("generation", "rate"), [(1, 0.1), (999, 0.1), (1000, 0.05), (2500, 0.025)])
def test_the_rate_halves_every_thousand_generations(generation: int, rate: float) -> None:
    assert mutation_rate(DirectSettings(), generation) == pytest.approx(rate)
    assert mutation_rate(DirectSettings(halving_generations=0), generation) == pytest.approx(0.1)


def test_mutation_changes_a_tenth_of_the_genes_by_polynomial_steps() -> None:
    encoding = DirectEncoding((1, 100, 100), DirectSettings())
    parents = Population({"genes": torch.zeros((20, 1, 100, 100), dtype=torch.int16)})
    generator = torch.Generator().manual_seed(1)
    steps = encoding.mutate(parents, 1, generator).tensors["genes"].flatten() / 65535
    changed = steps != 0
    assert changed.float().mean() == pytest.approx(0.1, abs=0.003)
    # E|step| = 1 / (eta + 2) for polynomial mutation.
    assert steps[changed].abs().mean() == pytest.approx(1 / 17, rel=0.02)
    assert steps.abs().max() <= 0.5


def test_crossover_happens_in_half_of_the_pairs_and_keeps_genes_in_range() -> None:
    encoding = DirectEncoding((1, 6, 6), DirectSettings(mutation_rate=0.0, crossover_rate=0.5))
    generator = torch.Generator().manual_seed(2)
    parents = encoding.random(1001, generator)
    children = encoding.mutate(parents, 1, generator).tensors["genes"]
    crossed = (children != parents.tensors["genes"]).flatten(1).any(dim=1)
    assert crossed[:1000].float().mean() == pytest.approx(0.5, abs=0.05)
    assert torch.equal(crossed[0:1000:2], crossed[1:1000:2])
    assert not crossed[1000]


def test_crossed_children_are_those_of_simulated_binary_crossover() -> None:
    encoding = DirectEncoding((1, 3, 3), DirectSettings(mutation_rate=0.0, crossover_rate=1.0))
    parents = encoding.random(6, torch.Generator().manual_seed(3))
    children = encoding.mutate(parents, 1, torch.Generator().manual_seed(4)).tensors["genes"].flatten(1).int()
    seeds = draw_seeds(6, torch.Generator().manual_seed(4))
    values = (parents.tensors["genes"].flatten(1).double() + 32768) / 65535
    for first in (0, 2, 4):
        for gene in range(9):
            u = splitmix64(seeds[first].item() % U64, -1 - gene)
            a, b = values[first, gene].item(), values[first + 1, gene].item()
            expected = [round(child * 65535) - 32768 for child in plain_crossover(a, b, u, 10.0)]
            assert children[first : first + 2, gene].tolist() == pytest.approx(expected, abs=3)


def test_pixels_are_truncated_genes() -> None:
    stored = torch.arange(-(2**15), 2**15).to(torch.int16).view(1, 1, 256, 256)
    encoding = DirectEncoding((1, 256, 256), DirectSettings())
    expected = [int(Fraction(number, 65535) * 255) for number in range(65536)]
    assert encoding.render(Population({"genes": stored})).flatten().tolist() == expected
    levels = torch.empty(stored.shape, dtype=torch.uint8)
    render_with_tensors(stored, levels)
    assert levels.flatten().tolist() == expected


@pytest.mark.parametrize("at_once", [1, 1000, 2**22])
def test_compiled_mutation_is_the_batched_one(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fooling.encodings.direct.GENES_AT_ONCE", at_once)
    encoding = DirectEncoding((3, 9, 11), DirectSettings(mutation_eta=7.0))
    parents = encoding.random(50, torch.Generator().manual_seed(4))
    compiled = encoding.mutate(parents, 1, torch.Generator().manual_seed(5)).tensors["genes"]
    batched = parents.tensors["genes"].flatten(1).clone()
    mutate_with_tensors(batched, draw_seeds(50, torch.Generator().manual_seed(5)), 0.1, 7.0)
    # One of 65,535 steps, where the two powers round to either side of a half.
    torch.testing.assert_close(compiled.flatten(1), batched, atol=1, rtol=0)
    assert (compiled.flatten(1) == batched).float().mean() > 0.999
