"""The indirect encoding: images drawn by compositional pattern-producing networks (paper, section 2.2)."""

import numpy as np
import torch
from torch import Tensor

from fooling.artifacts.layout import has_layout
from fooling.encodings.colour import to_rgb
from fooling.encodings.counter_random import draw_seeds
from fooling.encodings.cppn_genome import INPUTS, Genomes, mutate_genomes, random_genomes
from fooling.encodings.cppn_kernels import mutate
from fooling.encodings.cppn_program import are_sound, compile_genomes
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings


class CppnEncoding:
    """Genomes are feed-forward graphs (see `cppn_genome`); one output draws grey, three draw colour.

    Args:
        image_shape: (C, H, W) of the images, C = 1 or 3.
        settings: rates, coordinates, colour space.
    """

    def __init__(self, image_shape: tuple[int, int, int], settings: CppnSettings) -> None:
        self._image_shape = image_shape
        self._settings = settings
        _, height, width = image_shape
        self._inputs = coordinate_planes(height, width, settings.coordinates)

    def random(self, count: int, generator: torch.Generator) -> Population:
        """See `Encoding.random`: inputs connected to outputs, no hidden node."""
        seeds = draw_seeds(count, generator)
        return random_genomes(seeds, self._image_shape[0], self._settings).population()

    def mutate(self, parents: Population, generation: int, generator: torch.Generator) -> Population:  # noqa: ARG002
        """See `Encoding.mutate`: the same rates in every generation."""
        genomes, seeds = Genomes.of(parents, self._image_shape[0]), draw_seeds(len(parents), generator)
        if seeds.device.type == "cpu":
            self._mutate_on_cpu(genomes, seeds)
        else:
            mutate_genomes(genomes, seeds, self._settings)
        return genomes.population()

    def _mutate_on_cpu(self, genomes: Genomes, seeds: Tensor) -> None:
        settings = self._settings
        rates = (
            settings.weight_mutation_rate,
            settings.function_mutation_rate,
            settings.add_connection_rate,
            settings.delete_connection_rate,
            settings.add_node_rate,
            settings.delete_node_rate,
        )
        parts = (genomes.source, genomes.target, genomes.weight, genomes.function)
        arrays = [part.numpy() for part in parts]
        mutate(*arrays, genomes.outputs, seeds.numpy(), np.array(rates, np.float32), settings.weight_mutation_eta)

    def holds(self, population: Population) -> bool:
        """See `Encoding.holds`."""
        arrays = {name: tensor.cpu().numpy() for name, tensor in population.tensors.items()}
        room, outputs = self._settings.max_connections, self._image_shape[0]
        nodes = INPUTS + outputs + self._settings.max_hidden_nodes
        layout = {"source": f"int16 N {room}", "target": f"int16 N {room}", "weight": f"float32 N {room}"}
        if arrays.keys() != {*layout, "function"} or not has_layout(arrays, layout | {"function": f"int8 N {nodes}"}):
            return False
        return are_sound(Genomes(**population.tensors, outputs=outputs))

    def render(self, population: Population) -> Tensor:
        """See `Encoding.render`."""
        program = compile_genomes(Genomes(**population.tensors, outputs=self._image_shape[0]))
        if self._inputs.device != program.output.device:
            self._inputs = self._inputs.to(program.output.device)
        levels = run_program(program, self._inputs)
        if self._image_shape[0] > 1:
            levels = to_rgb(levels, self._settings.colour)
        return levels.view(-1, *self._image_shape)
