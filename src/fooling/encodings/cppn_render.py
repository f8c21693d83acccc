"""Running CPPN programs: a compiled kernel on the CPU, tensor operations on any other device.

Both use the arithmetic of `activations` and sum in the program's order, so they give the same bytes.
"""

import numpy as np
import torch
from torch import Tensor

from fooling.encodings import activations
from fooling.encodings.activations import GAUSSIAN, SIGMOID, SINE, gaussian, linear, sigmoid, sine
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.cppn_program import CppnProgram
from fooling.encodings.operator_kernels import compiled

BLOCK = 256
"""Pixels that the kernel carries through a whole program at a time, so that all registers stay in the cache."""


def coordinate_planes(height: int, width: int, coordinates: str) -> Tensor:
    """Return the inputs of every pixel, float32 (4, H * W): x, y, distance from the centre, 1.

    Args:
        height: of the image.
        width: of the image.
        coordinates: `pixels` for x and y as indices, `unit` for [-1, 1]; the distance always uses [-1, 1].
    """
    unit_y = torch.linspace(-1, 1, height, dtype=torch.float64)[:, None].expand(height, width)
    unit_x = torch.linspace(-1, 1, width, dtype=torch.float64)[None, :].expand(height, width)
    distance = (unit_x**2 + unit_y**2).sqrt()
    if coordinates == "pixels":
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    else:
        y, x = unit_y, unit_x
    return torch.stack([x, y, distance, torch.ones_like(distance)]).to(torch.float32).flatten(1)


def run_program(program: CppnProgram, inputs: Tensor) -> Tensor:
    """Return each genome's outputs at every pixel as grey levels: uint8 (N, outputs, P), int(|value| * 255).

    Args:
        program: on any device.
        inputs: float32 (4, P) from `coordinate_planes`, on the same device.
    """
    if inputs.device.type != "cpu":
        return _run_with_tensors(program, inputs)
    levels = np.empty((*program.output.shape, inputs.shape[1]), dtype=np.uint8)
    _run_compiled(
        program.step_offsets.numpy(),
        program.function.numpy(),
        program.edge_offsets.numpy(),
        program.edge_source.numpy(),
        program.edge_weight.numpy(),
        program.output.numpy(),
        program.registers,
        inputs.numpy(),
        levels,
    )
    return torch.from_numpy(levels)


@compiled
def _run_compiled(
    step_offsets: np.ndarray,
    function: np.ndarray,
    edge_offsets: np.ndarray,
    edge_source: np.ndarray,
    edge_weight: np.ndarray,
    output: np.ndarray,
    registers: int,
    inputs: np.ndarray,
    levels: np.ndarray,
) -> None:
    pixels = inputs.shape[1]
    memory = np.empty((registers, BLOCK), dtype=np.float32)
    for begin in range(0, pixels, BLOCK):
        size = min(BLOCK, pixels - begin)
        memory[:INPUTS, :size] = inputs[:, begin : begin + size]
        for genome in range(len(output)):
            first = step_offsets[genome]
            for step in range(first, step_offsets[genome + 1]):
                total = memory[INPUTS + step - first]
                total[:] = np.float32(0)
                for edge in range(edge_offsets[step], edge_offsets[step + 1]):
                    weight, value = edge_weight[edge], memory[edge_source[edge]]
                    for pixel in range(BLOCK):
                        total[pixel] += weight * value[pixel]
                if function[step] == SINE:
                    for pixel in range(BLOCK):
                        total[pixel] = sine(total[pixel])
                elif function[step] == SIGMOID:
                    for pixel in range(BLOCK):
                        total[pixel] = sigmoid(total[pixel])
                elif function[step] == GAUSSIAN:
                    for pixel in range(BLOCK):
                        total[pixel] = gaussian(total[pixel])
                else:
                    for pixel in range(BLOCK):
                        total[pixel] = linear(total[pixel])
            for channel in range(output.shape[1]):
                result = memory[output[genome, channel]]
                for pixel in range(size):
                    levels[genome, channel, begin + pixel] = np.uint8(abs(result[pixel]) * np.float32(255))


def _run_with_tensors(program: CppnProgram, inputs: Tensor) -> Tensor:
    """Run all genomes side by side, step by step."""
    count, device = len(program), inputs.device
    first, last = program.step_offsets[:-1].long(), program.step_offsets[1:].long()
    memory = inputs.new_zeros(count, program.registers, inputs.shape[1])
    memory[:, :INPUTS] = inputs
    rows = torch.arange(count, device=device)
    for index in range(program.registers - INPUTS):
        runs = first + index < last
        step = torch.where(runs, first + index, 0)
        begin, end = program.edge_offsets[step].long(), program.edge_offsets[step + 1].long()
        total = torch.zeros_like(memory[:, 0])
        for offset in range(int((end - begin).max())):
            present = begin + offset < end
            edge = torch.where(present, begin + offset, 0)
            weight = torch.where(present, program.edge_weight[edge], 0.0)
            total += weight[:, None] * memory[rows, program.edge_source[edge].long()]
        memory[:, INPUTS + index] = _activate(program.function[step][:, None], total)
    values = memory.gather(1, program.output.long()[:, :, None].expand(-1, -1, inputs.shape[1]))
    return (values.abs() * 255).to(torch.uint8)


def _activate(function: Tensor, p: Tensor) -> Tensor:
    """Apply each row's function; operation by operation the same as in `activations`."""
    a = activations
    turns = torch.floor(p * float(a.INVERSE_PI) + 0.5)
    r = ((p - turns * float(a.PI_1)) - turns * float(a.PI_2)) - turns * float(a.PI_3)
    s = r * r
    y = s * float(a.SIN_9) + float(a.SIN_7)
    y = s * y + float(a.SIN_5)
    y = s * y + float(a.SIN_3)
    y = r + r * (s * y)
    sines = y * (1 - 2 * (turns - 2 * torch.floor(turns * 0.5)))
    e = _exp_minus(p.abs())
    sigmoids = torch.copysign((1 - e) / (1 + e), p)
    linears = p.clamp(-3, 3) / 3
    result = torch.where(function == SINE, sines, linears)
    result = torch.where(function == SIGMOID, sigmoids, result)
    return torch.where(function == GAUSSIAN, _exp_minus(p * p), result)


def _exp_minus(t: Tensor) -> Tensor:
    u = t.clamp(max=float(activations.EXP_LIMIT)) * float(activations.EXP_SCALE) - 0.5
    y = u * float(activations.EXP_TERMS[-1]) + float(activations.EXP_TERMS[-2])
    for term in activations.EXP_TERMS[-3::-1]:
        y = u * y + float(term)
    for _ in range(5):
        y = y * y
    return y
