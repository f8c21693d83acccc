"""From genomes to a flat program that a renderer runs from front to back.

Registers hold one value per pixel: the first four are the inputs, and each step fills the next one. A step
is a node: it sums its weighted connections in the order of their slots and applies its function. Nodes that
reach no output are left out.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fooling.encodings.cppn_genome import EMPTY, FUNCTIONS, INPUTS, Genomes
from fooling.encodings.cppn_kernels import compile_programs


@dataclass(frozen=True)
class CppnProgram:
    """The programs of N genomes, one behind the other; all tensors are on one device.

    Attributes:
        step_offsets: int32 (N + 1,), where each genome's steps begin in `function` and `edge_offsets`.
        function: int8 (T,), the activation function of each step.
        edge_offsets: int32 (T + 1,), where each step's connections begin in `edge_source` and `edge_weight`.
        edge_source: int16 (F,), register that a connection reads.
        edge_weight: float32 (F,), its weight, in [-10, 10].
        output: int16 (N, outputs), register of each output.
        registers: the largest number of registers that a genome needs, inputs included.
    """

    step_offsets: Tensor
    function: Tensor
    edge_offsets: Tensor
    edge_source: Tensor
    edge_weight: Tensor
    output: Tensor
    registers: int

    def __len__(self) -> int:
        return len(self.output)


def compile_genomes(genomes: Genomes) -> CppnProgram:
    """Compile a population, on the CPU in compiled code and elsewhere in batch."""
    return _compile_on_cpu(genomes) if genomes.source.device.type == "cpu" else compile_with_tensors(genomes)


def _compile_on_cpu(genomes: Genomes) -> CppnProgram:
    (count, room), nodes = genomes.source.shape, genomes.function.shape[1]
    step_offsets = np.empty(count + 1, dtype=np.int32)
    function = np.empty(count * nodes, dtype=np.int8)
    edge_offsets = np.empty(count * nodes + 1, dtype=np.int32)
    edge_source = np.empty(count * room, dtype=np.int16)
    edge_weight = np.empty(count * room, dtype=np.float32)
    output = np.empty((count, genomes.outputs), dtype=np.int16)
    parts = (genomes.source, genomes.target, genomes.weight, genomes.function)
    program = (step_offsets, function, edge_offsets, edge_source, edge_weight, output)
    registers = compile_programs(*(part.numpy() for part in parts), *program)
    steps = step_offsets[-1]
    edges = edge_offsets[steps]
    return CppnProgram(
        step_offsets=torch.from_numpy(step_offsets),
        function=torch.from_numpy(function[:steps]),
        edge_offsets=torch.from_numpy(edge_offsets[: steps + 1]),
        edge_source=torch.from_numpy(edge_source[:edges]),
        edge_weight=torch.from_numpy(edge_weight[:edges]),
        output=torch.from_numpy(output),
        registers=registers,
    )


def compile_with_tensors(genomes: Genomes) -> CppnProgram:
    """Compile a population in batch, on any device."""
    count, nodes = genomes.function.shape
    device = genomes.function.device
    connected = genomes.connected
    source, target = genomes.source.clamp(min=0).long(), genomes.target.clamp(min=0).long()

    needed = _needed(genomes, source, target)
    depth = _depth(genomes, source, target)
    # Sorting by depth is a topological order; ties go by node number.
    rank = torch.where(needed, depth * nodes + torch.arange(nodes, device=device), nodes * nodes)
    order = rank.argsort(dim=1, stable=True)
    position = order.argsort(dim=1)
    steps = needed.sum(dim=1)
    register = torch.where(needed, position + INPUTS, torch.arange(nodes, device=device))

    is_step = torch.arange(nodes, device=device) < steps[:, None]
    function = genomes.function.gather(1, order)[is_step]

    used = connected & needed.gather(1, target)
    step_of_edge = torch.where(used, position.gather(1, target), nodes)
    edge_order = step_of_edge.argsort(dim=1, stable=True)
    in_degree = torch.zeros(count, nodes + 1, dtype=torch.int64, device=device)
    in_degree.scatter_add_(1, step_of_edge, torch.ones_like(step_of_edge))
    is_edge = used.gather(1, edge_order)
    edge_source = register.gather(1, source).gather(1, edge_order)[is_edge]
    edge_weight = (genomes.weight.gather(1, edge_order)[is_edge] * 2 - 1) * 10

    outputs = slice(INPUTS, INPUTS + genomes.outputs)
    return CppnProgram(
        step_offsets=_offsets(steps),
        function=function,
        edge_offsets=_offsets(in_degree[:, :-1][is_step]),
        edge_source=edge_source.to(torch.int16),
        edge_weight=edge_weight,
        output=register[:, outputs].to(torch.int16),
        registers=INPUTS + int(steps.max()) if count else INPUTS,
    )


def are_sound(genomes: Genomes) -> bool:
    """Tell whether genomes are graphs without cycles between nodes that are there, as compiled code trusts."""
    source, target, connected, function = genomes.source, genomes.target, genomes.connected, genomes.function
    nodes = function.shape[1]
    numbers_are_known = (
        ((source >= EMPTY) & (source < nodes)).all()
        and torch.where(connected, (target >= INPUTS) & (target < nodes), target == EMPTY).all()
        and ((function >= EMPTY) & (function < FUNCTIONS)).all()
        and (function[:, : INPUTS + genomes.outputs] >= 0).all()
        and ((genomes.weight >= 0) & (genomes.weight <= 1)).all()
    )
    if not numbers_are_known or not (connected[:, :-1] | ~connected[:, 1:]).all():
        return False
    begins, ends = source.clamp(min=0).long(), target.clamp(min=0).long()
    present = (function.gather(1, begins) >= 0) & (function.gather(1, ends) >= 0)
    return bool(present[connected].all()) and bool((_depth(genomes, begins, ends) < nodes).all())


def _needed(genomes: Genomes, source: Tensor, target: Tensor) -> Tensor:
    """Return the outputs and the hidden nodes that reach one: bool (N, V)."""
    nodes = torch.arange(genomes.function.shape[1], device=source.device)
    is_output = (nodes >= INPUTS) & (nodes < INPUTS + genomes.outputs)
    found = is_output.to(torch.uint8).expand(genomes.function.shape).contiguous()
    connected = genomes.connected
    for _ in range(genomes.function.shape[1]):
        wider = found.scatter_reduce(1, source, found.gather(1, target) * connected, "amax")
        if torch.equal(wider, found):
            break
        found = wider
    return found.bool() & (nodes >= INPUTS)


def _depth(genomes: Genomes, source: Tensor, target: Tensor) -> Tensor:
    """Return the longest path from a node without connections to each node: int64 (N, V)."""
    depth = torch.zeros(genomes.function.shape, dtype=torch.int64, device=source.device)
    connected = genomes.connected
    for _ in range(genomes.function.shape[1]):
        deeper = depth.scatter_reduce(1, target, (depth.gather(1, source) + 1) * connected, "amax")
        if torch.equal(deeper, depth):
            break
        depth = deeper
    return depth


def _offsets(lengths: Tensor) -> Tensor:
    return torch.cat([lengths.new_zeros(1), lengths.cumsum(0)]).to(torch.int32)
