"""CPPN genomes as a struct of tensors, and their mutation in batch (authors' code: Sferes' `gen_dnn_ff.hpp`).

A genome is a feed-forward graph. Nodes are numbered: the four inputs x, y, distance, 1; then the outputs;
then room for hidden nodes. Connections stand in slots, the occupied ones first; the order of the slots is
the order in which a node sums its inputs.

The mutation of a child is a pure function of its parent, its seed and the rates: every decision has a
counter of its own (see `counter_random`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from fooling.encodings.counter_random import uniform
from fooling.encodings.operators import polynomial_step
from fooling.encodings.population import Population
from fooling.settings.evolution import CppnSettings

INPUTS = 4
FUNCTIONS = 4
EMPTY = -1
"""Source and target of a free connection slot; function of a node that is not there."""

# Each decision owns 2**20 counters: one per connection slot or node.
(
    WEIGHT_MUTATES,
    WEIGHT_STEP,
    FUNCTION_MUTATES,
    FUNCTION_DRAWN,
    ADD_CONNECTION,
    ADDED_SOURCE,
    ADDED_TARGET,
    ADDED_WEIGHT,
    DELETE_CONNECTION,
    DELETED_CONNECTION,
    ADD_NODE,
    SPLIT_CONNECTION,
    ADDED_FUNCTION,
    DELETE_NODE,
    DELETED_NODE,
    RANDOM_WEIGHT,
    RANDOM_FUNCTION,
) = (decision << 20 for decision in range(17))


@dataclass
class Genomes:
    """A working copy of a population of CPPNs, changed in place.

    Attributes:
        source: int16 (N, E), node where a connection begins, or EMPTY.
        target: int16 (N, E), node where it ends, or EMPTY.
        weight: float32 (N, E), its weight's gene in [0, 1], which stands for [-10, 10].
        function: int8 (N, V), activation function of a node; EMPTY for a free hidden node; inputs have 0.
        outputs: number of output nodes.
    """

    source: Tensor
    target: Tensor
    weight: Tensor
    function: Tensor
    outputs: int

    @classmethod
    def of(cls, population: Population, outputs: int) -> "Genomes":
        """Copy a population's tensors."""
        return cls(**{name: tensor.clone() for name, tensor in population.tensors.items()}, outputs=outputs)

    def population(self) -> Population:
        """Return the tensors as a population."""
        names = ("source", "target", "weight", "function")
        return Population({name: getattr(self, name) for name in names})

    @property
    def connected(self) -> Tensor:
        """Occupied connection slots, bool (N, E)."""
        return self.source >= 0

    @property
    def hidden(self) -> Tensor:
        """Hidden nodes that are there, bool (N, V)."""
        return (self.function >= 0) & (self._nodes >= INPUTS + self.outputs)

    @property
    def _nodes(self) -> Tensor:
        return torch.arange(self.function.shape[1], device=self.function.device)


def random_genomes(seeds: Tensor, outputs: int, settings: CppnSettings) -> Genomes:
    """Return one genome for each seed, int64 (N,): inputs fully connected to outputs, all else random.

    Connections are ordered by output, then by input.
    """
    count, device = len(seeds), seeds.device
    room, nodes = settings.max_connections, INPUTS + outputs + settings.max_hidden_nodes
    slots = torch.arange(room, device=device)
    occupied = (slots < INPUTS * outputs).expand(count, room)
    source = torch.where(occupied, slots % INPUTS, EMPTY)
    target = torch.where(occupied, INPUTS + slots // INPUTS, EMPTY)
    weight = torch.where(occupied, uniform(seeds[:, None], RANDOM_WEIGHT + slots), 0.0)
    node = torch.arange(nodes, device=device)
    drawn = _choose(uniform(seeds[:, None], RANDOM_FUNCTION + node), FUNCTIONS)
    function = torch.where(node < INPUTS, 0, torch.where(node < INPUTS + outputs, drawn, EMPTY))
    return Genomes(source.to(torch.int16), target.to(torch.int16), weight, function.to(torch.int8), outputs)


def mutate_genomes(genomes: Genomes, seeds: Tensor, settings: CppnSettings) -> None:
    """Mutate every genome in place; `seeds` is int64 (N,). The order of the parts is the authors'."""
    column = seeds[:, None]
    _mutate_weights(genomes, column, settings)
    _mutate_functions(genomes, column, settings)
    _add_connections(genomes, seeds, settings)
    _delete_connections(genomes, seeds, settings)
    _add_nodes(genomes, seeds, settings)
    _delete_nodes(genomes, seeds, settings)


def _mutate_weights(genomes: Genomes, column: Tensor, settings: CppnSettings) -> None:
    slots = torch.arange(genomes.weight.shape[1], device=column.device)
    mutates = (uniform(column, WEIGHT_MUTATES + slots) < settings.weight_mutation_rate) & genomes.connected
    steps = polynomial_step(uniform(column, WEIGHT_STEP + slots), settings.weight_mutation_eta)
    genomes.weight = torch.where(mutates, (genomes.weight + steps).clamp(0, 1), genomes.weight)


def _mutate_functions(genomes: Genomes, column: Tensor, settings: CppnSettings) -> None:
    nodes = genomes._nodes  # noqa: SLF001
    redrawn = uniform(column, FUNCTION_MUTATES + nodes) < settings.function_mutation_rate
    redrawn &= (genomes.function >= 0) & (nodes >= INPUTS)
    drawn = _choose(uniform(column, FUNCTION_DRAWN + nodes), FUNCTIONS).to(torch.int8)
    genomes.function = torch.where(redrawn, drawn, genomes.function)


def _add_connections(genomes: Genomes, seeds: Tensor, settings: CppnSettings) -> None:
    room = ~genomes.connected[:, -1]
    adds = (uniform(seeds, ADD_CONNECTION) < settings.add_connection_rate) & room
    is_input = (genomes._nodes < INPUTS).expand_as(genomes.function)  # noqa: SLF001
    source = _pick(genomes.hidden | is_input, uniform(seeds, ADDED_SOURCE))
    candidates = (genomes.function >= 0) & ~is_input & ~_ancestors(genomes, source)
    target = _pick(candidates, uniform(seeds, ADDED_TARGET))
    _append(genomes, adds, source, target, uniform(seeds, ADDED_WEIGHT))


def _delete_connections(genomes: Genomes, seeds: Tensor, settings: CppnSettings) -> None:
    deletes = uniform(seeds, DELETE_CONNECTION) < settings.delete_connection_rate
    slot = _pick(genomes.connected, uniform(seeds, DELETED_CONNECTION))
    _remove(genomes, _one_hot(slot, genomes.source.shape[1]) & deletes[:, None])


def _add_nodes(genomes: Genomes, seeds: Tensor, settings: CppnSettings) -> None:
    connected = genomes.connected
    free = genomes.function < 0
    splits = uniform(seeds, ADD_NODE) < settings.add_node_rate
    splits &= connected[:, 0] & ~connected[:, -1] & free.any(dim=1)
    node = free.to(torch.uint8).argmax(dim=1)
    slot = _pick(connected, uniform(seeds, SPLIT_CONNECTION))
    # The first half takes the split connection's slot, the second half is appended.
    first_half = _one_hot(slot, genomes.source.shape[1]) & splits[:, None]
    old_target, weight = _at(genomes.target, slot), _at(genomes.weight, slot)
    genomes.target = torch.where(first_half, node[:, None].to(torch.int16), genomes.target)
    _append(genomes, splits, node, old_target, weight)
    drawn = _choose(uniform(seeds, ADDED_FUNCTION), FUNCTIONS).to(torch.int8)
    born = _one_hot(node, genomes.function.shape[1]) & splits[:, None]
    genomes.function = torch.where(born, drawn[:, None], genomes.function)


def _delete_nodes(genomes: Genomes, seeds: Tensor, settings: CppnSettings) -> None:
    hidden = genomes.hidden
    deletes = (uniform(seeds, DELETE_NODE) < settings.delete_node_rate) & hidden.any(dim=1)
    node = _pick(hidden, uniform(seeds, DELETED_NODE))
    dies = _one_hot(node, genomes.function.shape[1]) & deletes[:, None]
    genomes.function = torch.where(dies, EMPTY, genomes.function)
    touched = (genomes.source == node[:, None]) | (genomes.target == node[:, None])
    _remove(genomes, touched & deletes[:, None])


def _ancestors(genomes: Genomes, node: Tensor) -> Tensor:
    """Return the nodes from which `node`, int64 (N,), can be reached, itself included: bool (N, V)."""
    connected = genomes.connected
    source, target = genomes.source.clamp(min=0).long(), genomes.target.clamp(min=0).long()
    found = _one_hot(node, genomes.function.shape[1]).to(torch.uint8)
    for _ in range(genomes.function.shape[1]):
        reaches = found.gather(1, target) * connected
        wider = found.scatter_reduce(1, source, reaches, "amax")
        if torch.equal(wider, found):
            break
        found = wider
    return found.bool()


def _append(genomes: Genomes, rows: Tensor, source: Tensor, target: Tensor, weight: Tensor) -> None:
    """Put a connection into the first free slot of the genomes that `rows`, bool (N,), marks."""
    slot = genomes.connected.sum(dim=1)
    new = _one_hot(slot, genomes.source.shape[1]) & rows[:, None]
    genomes.source = torch.where(new, source[:, None].to(torch.int16), genomes.source)
    genomes.target = torch.where(new, target[:, None].to(torch.int16), genomes.target)
    genomes.weight = torch.where(new, weight[:, None], genomes.weight)


def _remove(genomes: Genomes, gone: Tensor) -> None:
    """Free the slots that `gone`, bool (N, E), marks, and close the gaps, keeping the order."""
    stays = genomes.connected & ~gone
    order = (~stays).to(torch.uint8).argsort(dim=1, stable=True)
    stays = stays.gather(1, order)
    genomes.source = torch.where(stays, genomes.source.gather(1, order), EMPTY)
    genomes.target = torch.where(stays, genomes.target.gather(1, order), EMPTY)
    genomes.weight = torch.where(stays, genomes.weight.gather(1, order), 0.0)


def _choose(numbers: Tensor, count: Tensor | int) -> Tensor:
    """Turn uniform numbers in [0, 1) into whole numbers below `count`, int64."""
    # A float32 product may round up to `count` itself; in float64 it cannot.
    return (numbers.double() * count).long()


def _pick(mask: Tensor, numbers: Tensor) -> Tensor:
    """Return the position of one marked entry in each row of `mask`, bool (N, M), or 0 if there is none."""
    rank = mask.cumsum(dim=1)
    chosen = _choose(numbers, rank[:, -1])[:, None] + 1
    return ((rank == chosen) & mask).to(torch.uint8).argmax(dim=1)


def _one_hot(position: Tensor, size: int) -> Tensor:
    """Return bool (N, size), true at each row's `position`, int64 (N,); a position beyond marks nothing."""
    return torch.arange(size, device=position.device) == position[:, None]


def _at(values: Tensor, position: Tensor) -> Tensor:
    return values.gather(1, position[:, None])[:, 0]
