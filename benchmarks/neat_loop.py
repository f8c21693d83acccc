"""neat-python's way of drawing: its feed-forward network, activated pixel by pixel."""

import math

import numpy as np
from neat.aggregations import sum_aggregation
from neat.nn import FeedForwardNetwork

from fooling.encodings.cppn_program import CppnProgram
from fooling.encodings.cppn_render import INPUTS


def _sigmoid(p: float) -> float:
    return 2 / (1 + math.exp(-p)) - 1


def _gaussian(p: float) -> float:
    return math.exp(-p * p)


def _linear(p: float) -> float:
    return max(-3.0, min(3.0, p)) / 3


FUNCTIONS = (math.sin, _sigmoid, _gaussian, _linear)
"""In the order of `fooling.encodings.activations`."""


def network_of(program: CppnProgram, row: int) -> FeedForwardNetwork:
    """Return the network that computes the same function as a compiled genome."""
    nodes = []
    first, last = program.step_offsets[row : row + 2].tolist()
    edges = program.edge_offsets.tolist()
    for step in range(first, last):
        span = slice(edges[step], edges[step + 1])
        links = list(zip(program.edge_source[span].tolist(), program.edge_weight[span].tolist(), strict=True))
        # Number, function, aggregation, bias, response, connections.
        node = INPUTS + step - first
        nodes.append((node, FUNCTIONS[int(program.function[step])], sum_aggregation, 0.0, 1.0, links))
    return FeedForwardNetwork(list(range(INPUTS)), program.output[row].tolist(), nodes)


def draw(network: FeedForwardNetwork, inputs: np.ndarray) -> np.ndarray:
    """Return the levels, uint8 (outputs, P), for inputs float32 (4, P)."""
    levels = [[int(abs(value) * 255) for value in network.activate(pixel)] for pixel in inputs.T.tolist()]
    return np.array(levels, dtype=np.uint8).T
