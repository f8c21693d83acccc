import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from fooling.encodings import activations
from fooling.encodings.counter_random import draw_seeds
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import EMPTY, INPUTS, Genomes, mutate_genomes, random_genomes
from fooling.encodings.cppn_program import compile_genomes, compile_with_tensors
from fooling.encodings.cppn_reference import draw, read_genome
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings

ROOM = {"max_hidden_nodes": 12, "max_connections": 40}


def mutated(count: int, times: int, seed: int, outputs: int = 1, **rates: float) -> Genomes:
    options = CppnSettings(**{**ROOM, **rates})
    generator = torch.Generator().manual_seed(seed)
    seeds = torch.randint(2**62, (times + 1, count), generator=generator)
    genomes = random_genomes(seeds[0], outputs, options)
    for row in seeds[1:]:
        mutate_genomes(genomes, row, options)
    return genomes


def edge_list(genomes: Genomes, row: int) -> list[tuple[int, int]]:
    pairs = zip(genomes.source[row].tolist(), genomes.target[row].tolist(), strict=True)
    return [(source, target) for source, target in pairs if source != EMPTY]


def hand_made(edges: list[tuple[int, int, float]], functions: list[int], outputs: int = 1) -> Population:
    room, nodes = 16, INPUTS + len(functions) + 2
    source = torch.full((1, room), EMPTY, dtype=torch.int16)
    target = source.clone()
    weight = torch.zeros(1, room)
    for slot, (begin, end, value) in enumerate(edges):
        source[0, slot], target[0, slot], weight[0, slot] = begin, end, (value / 10 + 1) / 2
    function = torch.full((1, nodes), EMPTY, dtype=torch.int8)
    function[0, :INPUTS] = 0
    function[0, INPUTS : INPUTS + len(functions)] = torch.tensor(functions, dtype=torch.int8)
    return Genomes(source, target, weight, function, outputs).population()


@pytest.mark.parametrize("limit", [10, 9000])
def test_activations_are_the_papers_functions(limit: float) -> None:
    p = np.linspace(-limit, limit, 200_001, dtype=np.float32)
    exact = p.astype(np.float64)
    with np.errstate(under="ignore"):
        assert np.abs(activations.sine(p) - np.sin(exact)).max() < 4e-6
        assert np.abs(activations.sigmoid(p) - 2 * (expit(exact) - 0.5)).max() < 4e-6
        assert np.abs(activations.gaussian(p) - np.exp(-(exact**2))).max() < 4e-6
        assert np.abs(activations.linear(p) - np.clip(exact, -3, 3) / 3).max() < 4e-6


def test_activations_stay_within_one() -> None:
    p = np.linspace(-100, 100, 400_001, dtype=np.float32)
    for function in (activations.sine, activations.sigmoid, activations.gaussian, activations.linear):
        assert np.abs(function(p)).max() <= 1


def test_one_hand_made_network_draws_what_its_formula_says() -> None:
    # Output (gaussian) of 2 * hidden - 1, hidden = sin(3 x + 5 y), in [-1, 1].
    population = hand_made([(0, 5, 3.0), (1, 5, 5.0), (5, 4, 2.0), (3, 4, -1.0)], [2, 0])
    encoding = CppnEncoding((1, 9, 7), CppnSettings(coordinates="unit"))
    image = encoding.render(population)[0, 0]
    for row in range(9):
        for column in range(7):
            x, y = -1 + column / 3, -1 + row / 4
            value = math.exp(-((2 * math.sin(3 * x + 5 * y) - 1) ** 2))
            assert abs(int(image[row, column]) - int(value * 255)) <= 1


def test_raw_pixel_coordinates_are_indices_and_the_distance_is_from_the_centre() -> None:
    planes = coordinate_planes(3, 5, "pixels").view(4, 3, 5)
    assert planes[0, 2].tolist() == [0, 1, 2, 3, 4]
    assert planes[1, :, 0].tolist() == [0, 1, 2]
    assert planes[2, 1, 2] == 0
    assert planes[2, 0, 0] == pytest.approx(math.sqrt(2))
    assert planes[3].eq(1).all()
    assert coordinate_planes(3, 5, "unit")[0, :5].tolist() == [-1, -0.5, 0, 0.5, 1]


def test_an_output_without_connections_is_its_function_at_zero() -> None:
    for function, level in ((0, 0), (1, 0), (2, 255), (3, 0)):
        encoding = CppnEncoding((1, 4, 4), CppnSettings())
        assert encoding.render(hand_made([], [function])).eq(level).all()


def test_every_network_starts_fully_connected_without_hidden_nodes() -> None:
    genomes = random_genomes(torch.arange(50), 3, CppnSettings())
    everything = [(source, INPUTS + output) for output in range(3) for source in range(INPUTS)]
    assert all(edge_list(genomes, row) == everything for row in range(50))
    assert not genomes.hidden.any()
    assert set(genomes.function[:, INPUTS : INPUTS + 3].unique().tolist()) == {0, 1, 2, 3}


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32),
    times=st.integers(0, 60),
    outputs=st.sampled_from([1, 3]),
    width=st.sampled_from([1, 30, 41, 97]),  # less than a number of lanes, one block of pixels, two, three
)
def test_images_agree_with_the_reference_in_every_byte(seed: int, times: int, outputs: int, width: int) -> None:
    genomes = mutated(6, times, seed, outputs)
    inputs = coordinate_planes(11, width, "pixels" if seed % 2 else "unit")
    program = compile_genomes(genomes)
    images = run_program(program, inputs)
    for row in range(6):
        graph = read_genome(genomes.population(), row, outputs)
        np.testing.assert_array_equal(images[row].numpy(), draw(graph, inputs.numpy()))


def test_rendering_does_not_depend_on_the_device(device: torch.device) -> None:
    population = mutated(20, 30, 5, outputs=3).population()
    encoding = CppnEncoding((3, 16, 16), CppnSettings(**ROOM))
    there = Population({name: tensor.to(device) for name, tensor in population.tensors.items()})
    assert torch.equal(encoding.render(population), encoding.render(there).cpu())


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 80))
def test_every_genome_is_a_feed_forward_graph(seed: int, times: int) -> None:
    genomes = mutated(8, times, seed, outputs=3)
    for row in range(8):
        edges = edge_list(genomes, row)
        slots = genomes.source[row].tolist()
        assert slots[len(edges) :] == [EMPTY] * (len(slots) - len(edges))
        there = {node for node, function in enumerate(genomes.function[row].tolist()) if function != EMPTY}
        for source, target in edges:
            assert source in there
            assert target in there
            assert target >= INPUTS
            assert not INPUTS <= source < INPUTS + 3
        unsorted = set(edges)
        while unsorted:  # Kahn: some node must always be free of incoming connections
            free = {source for source, _ in unsorted} - {target for _, target in unsorted}
            assert free
            unsorted = {edge for edge in unsorted if edge[0] not in free}


def reference_mutation(  # noqa: C901
    edges: list[tuple[int, int]], functions: dict[int, int], outputs: int, change: str
) -> tuple[set[tuple[tuple[int, int], ...]], bool]:
    """All edge lists that one structural change can lead to, worked out by hand on a plain graph."""
    results: set[tuple[tuple[int, int], ...]] = set()
    hidden = [node for node in functions if node >= INPUTS + outputs]
    if change == "add_connection_rate":
        for source in [*range(INPUTS), *hidden]:
            ancestors, frontier = {source}, {source}
            while frontier:
                frontier = {begin for begin, end in edges if end in frontier} - ancestors
                ancestors |= frontier
            for target in functions:
                if target not in ancestors:
                    results.add((*edges, (source, target)))
    elif change == "delete_connection_rate":
        for slot in range(len(edges)):
            results.add((*edges[:slot], *edges[slot + 1 :]))
    elif change == "add_node_rate":
        new = min(set(range(INPUTS, 1000)) - set(functions))
        for slot, (source, target) in enumerate(edges):
            results.add((*edges[:slot], (source, new), *edges[slot + 1 :], (new, target)))
    else:
        for node in hidden:
            results.add(tuple(edge for edge in edges if node not in edge))
    return results, bool(results)


STRUCTURAL = ("add_connection_rate", "delete_connection_rate", "add_node_rate", "delete_node_rate")
NOTHING = {
    **dict.fromkeys(STRUCTURAL, 0.0),
    "weight_mutation_rate": 0.0,
    "function_mutation_rate": 0.0,
}


@pytest.mark.parametrize("change", STRUCTURAL)
def test_each_structural_mutation_makes_every_child_that_it_may_and_no_other(change: str) -> None:
    parent = mutated(1, 25, seed=11, outputs=1)
    edges = edge_list(parent, 0)
    functions = {node: f for node, f in enumerate(parent.function[0].tolist()) if f != EMPTY and node >= INPUTS}
    allowed, possible = reference_mutation(edges, functions, 1, change)
    assert possible
    count = 6000
    rows = torch.zeros(count, dtype=torch.int64)
    children = Genomes.of(parent.population().select(rows), 1)
    mutate_genomes(children, torch.arange(count), CppnSettings(**{**ROOM, **NOTHING, change: 1.0}))
    made = {tuple(edge_list(children, row)) for row in range(count)}
    assert made == allowed


def test_a_new_node_copies_the_weight_of_the_connection_it_splits() -> None:
    parent = hand_made([(0, 4, 7.0), (1, 4, -3.0)], [0])
    children = Genomes.of(parent.select(torch.zeros(200, dtype=torch.int64)), 1)
    mutate_genomes(children, torch.arange(200), CppnSettings(**{**NOTHING, "add_node_rate": 1.0}))
    for row in range(200):
        graph = read_genome(children.population(), row, 1)
        weights = {(source, target): float(weight) for source, target, weight in graph.edges}
        split = 7.0 if (0, 5) in weights else -3.0
        assert weights[0 if split > 0 else 1, 5] == pytest.approx(split, abs=1e-5)
        assert weights[5, 4] == pytest.approx(split, abs=1e-5)
    assert set(children.function[:, 5].tolist()) == {0, 1, 2, 3}


def test_rates_are_those_of_the_settings() -> None:
    parent = mutated(1, 25, seed=11).population().select(torch.zeros(20_000, dtype=torch.int64))
    options = CppnSettings(**ROOM)
    children = Genomes.of(parent, 1)
    mutate_genomes(children, torch.arange(20_000), CppnSettings(**{**ROOM, **dict.fromkeys(STRUCTURAL, 0.0)}))
    connected = parent.tensors["source"] >= 0
    changed = (children.weight != parent.tensors["weight"]) & connected
    assert changed[connected].float().mean() == pytest.approx(options.weight_mutation_rate, abs=0.005)
    present = (parent.tensors["function"] != EMPTY).clone()
    present[:, :INPUTS] = False
    redrawn = (children.function != parent.tensors["function"])[present].float().mean()
    # A redrawn function is the old one in a quarter of the cases.
    assert redrawn == pytest.approx(options.function_mutation_rate * 0.75, abs=0.005)
    for change in STRUCTURAL:
        only = Genomes.of(parent, 1)
        rate = getattr(options, change)
        mutate_genomes(only, torch.arange(20_000), CppnSettings(**{**ROOM, **NOTHING, change: rate}))
        names = ("source", "target", "function")
        differs = torch.stack([(getattr(only, n) != parent.tensors[n]).any(dim=1) for n in names]).any(dim=0)
        assert differs.float().mean() == pytest.approx(rate, abs=0.02)


def test_a_full_genome_gains_nothing() -> None:
    genomes = mutated(50, 300, seed=2, add_connection_rate=1.0, delete_connection_rate=0.0, delete_node_rate=0.0)
    assert genomes.connected.all(dim=1).any()
    assert genomes.connected.sum(1).max() <= ROOM["max_connections"]
    assert genomes.hidden.sum(1).max() <= ROOM["max_hidden_nodes"]


def test_constant_children_of_hand_counted_networks_are_pruned() -> None:
    # Hidden 5 reaches no output: the program has the output's step alone.
    population = hand_made([(0, 4, 1.0), (0, 5, 1.0)], [3, 0])
    program = compile_genomes(Genomes.of(population, 1))
    assert len(program.function) == 1
    assert program.edge_source.tolist() == [0]
    assert program.registers == INPUTS + 1


def test_an_output_may_feed_another() -> None:
    population = hand_made([(0, 5, 1.0), (5, 4, 2.0), (7, 5, 3.0), (1, 7, 4.0), (1, 4, 5.0)], [3, 3, 3, 3], outputs=2)
    genomes = Genomes.of(population, 2)
    compiled, batched = compile_genomes(genomes), compile_with_tensors(genomes)
    assert compiled.edge_source.tolist() == batched.edge_source.tolist() == [1, 0, 4, 5, 1]
    assert compiled.output.tolist() == batched.output.tolist() == [[6, 5]]


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), times=st.integers(0, 60), outputs=st.sampled_from([1, 3]))
def test_compiled_mutation_is_the_batched_one(seed: int, times: int, outputs: int) -> None:
    options = CppnSettings(**ROOM)
    encoding = CppnEncoding((outputs, 4, 4), options)
    genomes = mutated(20, times, seed, outputs)
    compiled = encoding.mutate(genomes.population(), 1, torch.Generator().manual_seed(seed)).tensors
    mutate_genomes(genomes, draw_seeds(20, torch.Generator().manual_seed(seed)), options)
    for name in ("source", "target", "function"):
        assert torch.equal(compiled[name], getattr(genomes, name)), name
    torch.testing.assert_close(compiled["weight"], genomes.weight, atol=1e-6, rtol=0)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), times=st.integers(0, 60), outputs=st.sampled_from([1, 3]))
def test_compiled_compilation_is_the_batched_one(seed: int, times: int, outputs: int) -> None:
    genomes = mutated(20, times, seed, outputs)
    compiled, batched = compile_genomes(genomes), compile_with_tensors(genomes)
    for field in dataclasses.fields(compiled):
        left, right = getattr(compiled, field.name), getattr(batched, field.name)
        assert torch.equal(left, right) if isinstance(left, torch.Tensor) else left == right, field.name
