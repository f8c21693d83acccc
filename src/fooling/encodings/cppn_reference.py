"""One CPPN as a plain graph, drawn node by node: slow, and easy to check against the paper.

The tests hold the batched renderers against it; they must agree in every byte. It shares only the activation
functions with them.
"""

from dataclasses import dataclass

import numpy as np

from fooling.encodings.activations import gaussian, linear, sigmoid, sine
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.population import Population

ACTIVATIONS = (sine, sigmoid, gaussian, linear)


@dataclass(frozen=True)
class Graph:
    """One genome.

    Attributes:
        edges: (source, target, weight in [-10, 10]) in the order in which a node sums its inputs.
        functions: index into `ACTIVATIONS` of every output and hidden node.
        outputs: number of outputs; they follow the four inputs.
    """

    edges: list[tuple[int, int, np.float32]]
    functions: dict[int, int]
    outputs: int


def read_genome(population: Population, row: int, outputs: int) -> Graph:
    """Return the graph of one individual."""
    source, target, weight, function = (
        population.tensors[name][row].cpu().numpy() for name in ("source", "target", "weight", "function")
    )
    edges = [
        (int(source[slot]), int(target[slot]), (weight[slot] * np.float32(2) - np.float32(1)) * np.float32(10))
        for slot in range(len(source))
        if source[slot] >= 0
    ]
    functions = {node: int(function[node]) for node in range(INPUTS, len(function)) if function[node] >= 0}
    return Graph(edges, functions, outputs)


def draw(graph: Graph, inputs: np.ndarray) -> np.ndarray:
    """Return the levels uint8 (outputs, P) for inputs float32 (4, P)."""
    values = dict(enumerate(inputs))

    def value_of(node: int) -> np.ndarray:
        if node not in values:
            total: np.ndarray = np.zeros(inputs.shape[1], dtype=np.float32)
            for source, target, weight in graph.edges:
                if target == node:
                    total = total + weight * value_of(source)
            values[node] = ACTIVATIONS[graph.functions[node]](total)
        return values[node]

    outputs = np.stack([value_of(INPUTS + index) for index in range(graph.outputs)])
    return (np.abs(outputs) * np.float32(255)).astype(np.uint8)
