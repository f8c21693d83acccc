"""Genomes of any history: mutation keeps them sound on every road, and all renderers give the bytes of the slow one."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fooling.encodings.counter_random import draw_seeds
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import Genomes, mutate_genomes
from fooling.encodings.cppn_program import are_sound, compile_with_tensors
from fooling.encodings.cppn_reference import draw as draw_reference
from fooling.encodings.cppn_reference import read_genome
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings

RATES = [name for name in CppnSettings.model_fields if name.endswith("_rate")]


@st.composite
def histories(draw: st.DrawFn) -> tuple[CppnSettings, int, int, int]:
    rates = {name: draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])) for name in RATES}
    room = {"max_hidden_nodes": draw(st.integers(1, 20)), "max_connections": draw(st.integers(12, 40))}
    settings_ = CppnSettings(**rates, **room, coordinates=draw(st.sampled_from(["unit", "pixels"])))
    return settings_, draw(st.sampled_from([1, 3])), draw(st.integers(0, 30)), draw(st.integers(0, 2**31 - 1))


@settings(max_examples=60)
@given(histories())
def test_descendants_are_sound_and_drawn_alike_by_all(history: tuple[CppnSettings, int, int, int]) -> None:
    rates, outputs, times, seed = history
    shape, generator = (outputs, 5, 7), torch.Generator().manual_seed(seed)
    encoding = CppnEncoding(shape, rates)
    population = encoding.random(6, generator)
    for time in range(times):
        seeds = draw_seeds(6, torch.Generator().set_state(generator.get_state()))
        batched = Genomes.of(population, outputs)
        mutate_genomes(batched, seeds, rates)
        population = encoding.mutate(population, time + 1, generator)
        for name, tensor in batched.population().tensors.items():
            # A power may round otherwise in compiled code.
            torch.testing.assert_close(tensor, population.tensors[name], rtol=0, atol=1e-6)
    assert encoding.holds(population)
    inputs = coordinate_planes(5, 7, rates.coordinates)
    genomes = Genomes(**population.tensors, outputs=outputs)
    levels = run_program(compile_with_tensors(genomes), inputs).numpy()
    for row in range(6):
        np.testing.assert_array_equal(
            levels[row], draw_reference(read_genome(population, row, outputs), inputs.numpy())
        )
    if outputs == 1:
        np.testing.assert_array_equal(encoding.render(population).numpy().reshape(levels.shape), levels)


@settings(max_examples=100)
@given(histories(), st.data())
def test_a_genome_with_any_number_changed_is_refused_or_drawn_like_by_the_slow_reference(
    history: tuple[CppnSettings, int, int, int], data: st.DataObject
) -> None:
    rates, outputs, times, seed = history
    encoding, generator = CppnEncoding((outputs, 4, 4), rates), torch.Generator().manual_seed(seed)
    population = encoding.random(1, generator)
    for time in range(times):
        population = encoding.mutate(population, time + 1, generator)
    for _ in range(data.draw(st.integers(1, 3))):
        tensor = population.tensors[data.draw(st.sampled_from(["source", "target", "function"]))]
        tensor[0, data.draw(st.integers(0, tensor.shape[1] - 1))] = data.draw(
            st.integers(-3, 30) | st.integers(-128, 127)
        )
    if not encoding.holds(population):
        return
    assert are_sound(Genomes(**population.tensors, outputs=outputs))
    inputs = coordinate_planes(4, 4, rates.coordinates)
    expected = draw_reference(read_genome(population, 0, outputs), inputs.numpy())
    levels = run_program(compile_with_tensors(Genomes(**population.tensors, outputs=outputs)), inputs)
    np.testing.assert_array_equal(levels[0].numpy(), expected)
    child: Population = encoding.mutate(population, 1, generator)
    assert encoding.holds(child)
