"""CPPN genomes of a given size, and the size of given ones."""

import torch

from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_genome import Genomes
from fooling.encodings.cppn_program import CppnProgram, compile_genomes
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings


def settings_for(hidden_nodes: int) -> CppnSettings:
    """Return settings whose mutations each add a hidden node, and in every other child a connection."""
    return CppnSettings(
        add_node_rate=1,
        add_connection_rate=0.5,
        delete_node_rate=0,
        delete_connection_rate=0,
        max_hidden_nodes=hidden_nodes,
        max_connections=12 + 2 * hidden_nodes,
    )


def genomes_of_size(hidden_nodes: int, count: int, encoding: CppnEncoding, device: torch.device) -> Population:
    """Return genomes with just so many hidden nodes, all of which reach an output; see `settings_for`."""
    generator = torch.Generator(device).manual_seed(0)
    population = encoding.random(count, generator)
    for generation in range(hidden_nodes):
        population = encoding.mutate(population, generation + 1, generator)
    return population


def program_of(population: Population, outputs: int) -> CppnProgram:
    """Return the compiled genomes."""
    return compile_genomes(Genomes.of(population, outputs))


def mean_size(program: CppnProgram) -> tuple[float, float]:
    """Return the mean number of hidden nodes and of connections at work."""
    nodes, connections = len(program.function) / len(program), len(program.edge_source) / len(program)
    return nodes - program.output.shape[1], connections
