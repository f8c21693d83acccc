"""Mutation and compilation of CPPNs on the CPU, individual by individual in compiled code.

The same functions of parent and seed as the batched tensor operations in `cppn_genome` and `cppn_program`,
which serve every other device, and some thirty times faster here; the tests hold one against the other.
"""

import numpy as np

from fooling.encodings.cppn_genome import (
    ADD_CONNECTION,
    ADD_NODE,
    ADDED_FUNCTION,
    ADDED_SOURCE,
    ADDED_TARGET,
    ADDED_WEIGHT,
    DELETE_CONNECTION,
    DELETE_NODE,
    DELETED_CONNECTION,
    DELETED_NODE,
    EMPTY,
    FUNCTION_DRAWN,
    FUNCTION_MUTATES,
    FUNCTIONS,
    INPUTS,
    SPLIT_CONNECTION,
    WEIGHT_MUTATES,
    WEIGHT_STEP,
)
from fooling.encodings.kernel_cache import compiled
from fooling.encodings.operator_kernels import choose, polynomial_step, uniform

UNSEEN = -1
"""Depth of a node that reaches no output."""


@compiled
def mutate(
    source: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray,
    function: np.ndarray,
    outputs: int,
    seeds: np.ndarray,
    rates: np.ndarray,
    eta: float,
) -> None:
    """Mutate N genomes in place; see `cppn_genome.mutate_genomes`.

    `rates` holds those of weights, functions, added and deleted connections, added and deleted nodes.
    """
    marked = np.empty(function.shape[1], dtype=np.bool_)
    for row in range(len(seeds)):
        mutate_one(source[row], target[row], weight[row], function[row], outputs, seeds[row], rates, eta, marked)


@compiled
def mutate_one(
    source: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray,
    function: np.ndarray,
    outputs: int,
    seed: int,
    rates: np.ndarray,
    eta: float,
    marked: np.ndarray,
) -> None:
    """Mutate one genome in place; `marked` is room for one flag per node."""
    room, nodes = len(source), len(function)
    count = 0
    while count < room and source[count] != EMPTY:
        count += 1
    for slot in range(count):
        if uniform(seed, WEIGHT_MUTATES + slot) < rates[0]:
            mutated = weight[slot] + polynomial_step(uniform(seed, WEIGHT_STEP + slot), eta)
            weight[slot] = min(max(mutated, np.float32(0)), np.float32(1))
    for node in range(INPUTS, nodes):
        if function[node] != EMPTY and uniform(seed, FUNCTION_MUTATES + node) < rates[1]:
            function[node] = choose(uniform(seed, FUNCTION_DRAWN + node), FUNCTIONS)

    if uniform(seed, ADD_CONNECTION) < rates[2] and count < room:
        hidden = count_present(function, INPUTS + outputs)
        begin = choose(uniform(seed, ADDED_SOURCE), INPUTS + hidden)
        if begin >= INPUTS:
            begin = nth_present(function, INPUTS + outputs, begin - INPUTS)
        mark_ancestors(source, target, count, begin, marked)
        candidates = 0
        for node in range(INPUTS, nodes):
            marked[node] = function[node] != EMPTY and not marked[node]
            candidates += marked[node]
        end = nth_marked(marked, INPUTS, choose(uniform(seed, ADDED_TARGET), candidates))
        source[count], target[count], weight[count] = begin, end, uniform(seed, ADDED_WEIGHT)
        count += 1

    if uniform(seed, DELETE_CONNECTION) < rates[3] and count > 0:
        slot = choose(uniform(seed, DELETED_CONNECTION), count)
        for later in range(slot, count - 1):
            source[later], target[later], weight[later] = source[later + 1], target[later + 1], weight[later + 1]
        count -= 1
        source[count], target[count], weight[count] = EMPTY, EMPTY, 0

    if uniform(seed, ADD_NODE) < rates[4] and 0 < count < room:
        node = 0
        while node < nodes and function[node] != EMPTY:
            node += 1
        if node < nodes:
            slot = choose(uniform(seed, SPLIT_CONNECTION), count)
            source[count], target[count], weight[count] = node, target[slot], weight[slot]
            target[slot] = node
            function[node] = choose(uniform(seed, ADDED_FUNCTION), FUNCTIONS)
            count += 1

    hidden = count_present(function, INPUTS + outputs)
    if uniform(seed, DELETE_NODE) < rates[5] and hidden > 0:
        node = nth_present(function, INPUTS + outputs, choose(uniform(seed, DELETED_NODE), hidden))
        function[node] = EMPTY
        kept = 0
        for slot in range(count):
            if source[slot] != node and target[slot] != node:
                source[kept], target[kept], weight[kept] = source[slot], target[slot], weight[slot]
                kept += 1
        for slot in range(kept, count):
            source[slot], target[slot], weight[slot] = EMPTY, EMPTY, 0


@compiled
def count_present(function: np.ndarray, first: int) -> int:
    """Count the nodes from number `first` on that are there."""
    present = 0
    for node in range(first, len(function)):
        present += function[node] != EMPTY
    return present


@compiled
def nth_present(function: np.ndarray, first: int, n: int) -> int:
    """Return the number of the n-th node from `first` on that is there."""
    for node in range(first, len(function)):
        if function[node] != EMPTY:
            if n == 0:
                return node
            n -= 1
    return EMPTY


@compiled
def nth_marked(marked: np.ndarray, first: int, n: int) -> int:
    """Return the position of the n-th flag from `first` on that is set."""
    for position in range(first, len(marked)):
        if marked[position]:
            if n == 0:
                return position
            n -= 1
    return EMPTY


@compiled
def mark_ancestors(source: np.ndarray, target: np.ndarray, count: int, node: int, marked: np.ndarray) -> None:
    """Mark the nodes from which `node` can be reached, itself included."""
    marked[:] = False
    marked[node] = True
    growing = True
    while growing:
        growing = False
        for slot in range(count):
            if marked[target[slot]] and not marked[source[slot]]:
                marked[source[slot]] = True
                growing = True


@compiled
def compile_programs(
    source: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray,
    function: np.ndarray,
    step_offsets: np.ndarray,
    step_function: np.ndarray,
    edge_offsets: np.ndarray,
    edge_source: np.ndarray,
    edge_weight: np.ndarray,
    output: np.ndarray,
) -> int:
    """Compile N genomes into the arrays of a `CppnProgram`, which are large enough, and return its registers."""
    nodes, outputs = function.shape[1], output.shape[1]
    begins = np.empty(nodes + 1, dtype=np.int64)
    ends = np.empty(nodes, dtype=np.int64)
    slots = np.empty(source.shape[1], dtype=np.int64)
    depth = np.empty(nodes, dtype=np.int64)
    used_nodes = np.empty(nodes, dtype=np.int64)
    place = np.empty(nodes + 1, dtype=np.int64)
    order = np.empty(nodes, dtype=np.int64)
    register = np.empty(nodes, dtype=np.int64)
    register[:INPUTS] = np.arange(INPUTS)
    steps, edges, registers = 0, 0, INPUTS
    step_offsets[0] = 0
    edge_offsets[0] = 0
    for row in range(len(source)):
        group_by_target(source[row], target[row], begins, ends, slots)
        measure_depth(source[row], outputs, begins, ends, slots, depth, used_nodes)
        # A topological order: by depth, ties by node number.
        used = 0
        for node in range(INPUTS, nodes):
            used_nodes[used] = node
            used += depth[node] != UNSEEN
        place[: used + 1] = 0
        for node in used_nodes[:used]:
            place[depth[node] + 1] += 1
        for level in range(used):
            place[level + 1] += place[level]
        for node in used_nodes[:used]:
            position = place[depth[node]]
            place[depth[node]] += 1
            order[position] = node
            register[node] = INPUTS + position
        for node in order[:used]:
            for slot in slots[begins[node] : begins[node + 1]]:
                edge_source[edges] = register[source[row, slot]]
                edge_weight[edges] = (weight[row, slot] * np.float32(2) - np.float32(1)) * np.float32(10)
                edges += 1
            step_function[steps] = function[row, node]
            steps += 1
            edge_offsets[steps] = edges
        for channel in range(outputs):
            output[row, channel] = register[INPUTS + channel]
        step_offsets[row + 1] = steps
        registers = max(registers, INPUTS + used)
    return registers


@compiled
def group_by_target(
    source: np.ndarray, target: np.ndarray, begins: np.ndarray, ends: np.ndarray, slots: np.ndarray
) -> None:
    """Write each node's connections, in the order of their slots, to `slots` from `begins` to `ends` of the node."""
    begins[:] = 0
    count = 0
    while count < len(source) and source[count] != EMPTY:
        begins[target[count] + 1] += 1
        count += 1
    for node in range(len(ends)):
        begins[node + 1] += begins[node]
        ends[node] = begins[node]
    for slot in range(count):
        slots[ends[target[slot]]] = slot
        ends[target[slot]] += 1


@compiled
def measure_depth(
    source: np.ndarray,
    outputs: int,
    begins: np.ndarray,
    ends: np.ndarray,
    slots: np.ndarray,
    depth: np.ndarray,
    stack: np.ndarray,
) -> None:
    """Measure the longest path to each node that reaches an output, and leave the others UNSEEN; uses `ends` up."""
    depth[:INPUTS] = 0
    depth[INPUTS:] = UNSEEN
    for output in range(INPUTS, INPUTS + outputs):
        if depth[output] != UNSEEN:
            continue
        depth[output] = 0
        stack[0] = output
        height = 1
        while height > 0:
            node = stack[height - 1]
            if ends[node] == begins[node]:
                height -= 1
                continue
            begin = source[slots[ends[node] - 1]]
            if depth[begin] == UNSEEN:
                depth[begin] = 0
                stack[height] = begin
                height += 1
            else:
                depth[node] = max(depth[node], depth[begin] + 1)
                ends[node] -= 1
