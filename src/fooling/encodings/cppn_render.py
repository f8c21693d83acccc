"""Running CPPN programs: a compiled kernel on the CPU; the one for GPUs is in `cppn_triton`.

Both use the arithmetic of `activations` and sum in the program's order, so they give the same bytes.
"""

import numpy as np
import torch
from torch import Tensor

from fooling.encodings.activations import GAUSSIAN, SIGMOID, SINE, gaussian, linear, sigmoid, sine
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.cppn_program import CppnProgram
from fooling.encodings.kernel_cache import compiled
from fooling.errors import FoolingError

try:
    from fooling.encodings import cppn_triton
except ImportError:  # triton exists for Linux alone
    cppn_triton = None  # type: ignore[assignment]

BLOCK = 400
"""Pixels that the kernel carries through a whole program at most, so that all registers stay in the cache."""
LANES = 16
"""Pixels of one vector instruction; a block is a multiple of it."""


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
        if cppn_triton is None:
            raise FoolingError(
                "Drawing CPPNs on a GPU needs triton, which is not installed; set compute.device to cpu."
            )
        return cppn_triton.run_program(program, inputs)
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
    # Blocks of equal size: 28 x 28 pixels fill two of 400 with little waste.
    blocks = -(-pixels // BLOCK)
    width = -(-pixels // (blocks * LANES)) * LANES
    memory = np.zeros((registers, width), dtype=np.float32)
    for begin in range(0, pixels, width):
        size = min(width, pixels - begin)
        memory[:INPUTS, :size] = inputs[:, begin : begin + size]
        for genome in range(len(output)):
            first = step_offsets[genome]
            for step in range(first, step_offsets[genome + 1]):
                total = memory[INPUTS + step - first]
                edge, end = edge_offsets[step], edge_offsets[step + 1]
                # Two connections at a time read and write the total half as often; an odd one comes first.
                if (end - edge) % 2 == 1:
                    weight, value = edge_weight[edge], memory[edge_source[edge]]
                    for pixel in range(width):
                        total[pixel] = weight * value[pixel]
                    edge += 1
                else:
                    total[:] = np.float32(0)
                while edge < end:
                    weight, value = edge_weight[edge], memory[edge_source[edge]]
                    weight_2, value_2 = edge_weight[edge + 1], memory[edge_source[edge + 1]]
                    for pixel in range(width):
                        total[pixel] = (total[pixel] + weight * value[pixel]) + weight_2 * value_2[pixel]
                    edge += 2
                if function[step] == SINE:
                    for pixel in range(width):
                        total[pixel] = sine(total[pixel])
                elif function[step] == SIGMOID:
                    for pixel in range(width):
                        total[pixel] = sigmoid(total[pixel])
                elif function[step] == GAUSSIAN:
                    for pixel in range(width):
                        total[pixel] = gaussian(total[pixel])
                else:
                    for pixel in range(width):
                        total[pixel] = linear(total[pixel])
            for channel in range(output.shape[1]):
                result = memory[output[genome, channel]]
                for pixel in range(size):
                    levels[genome, channel, begin + pixel] = np.uint8(abs(result[pixel]) * np.float32(255))
