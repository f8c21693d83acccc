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
from fooling.encodings.lanes import LANES, lanes_of, load, store
from fooling.errors import FoolingError

try:
    from fooling.encodings import cppn_triton
except ImportError:  # triton exists for Linux alone
    cppn_triton = None  # type: ignore[assignment]

BLOCK = 400
"""Pixels that the kernel carries through a whole program at most, so that all registers stay in the cache."""


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
    memory = np.zeros(registers * width, dtype=np.float32)
    for begin in range(0, pixels, width):
        size = min(width, pixels - begin)
        for index in range(INPUTS):
            memory[index * width : index * width + size] = inputs[index, begin : begin + size]
        for genome in range(len(output)):
            first = step_offsets[genome]
            for step in range(first, step_offsets[genome + 1]):
                register = (INPUTS + step - first) * width
                # Unsigned, since a negative number would be one that counts from the end.
                edge_first, edge_end = np.uintp(edge_offsets[step]), np.uintp(edge_offsets[step + 1])
                for pixel in range(0, size, LANES):
                    total = lanes_of(np.float32(0))
                    for edge in range(edge_first, edge_end):
                        total = total + edge_weight[edge] * load(memory, edge_source[edge] * width + pixel)
                    if function[step] == SINE:
                        value = sine(total)
                    elif function[step] == SIGMOID:
                        value = sigmoid(total)
                    elif function[step] == GAUSSIAN:
                        value = gaussian(total)
                    else:
                        value = linear(total)
                    store(memory, register + pixel, value)
            for channel in range(output.shape[1]):
                result = memory[output[genome, channel] * width : (output[genome, channel] + 1) * width]
                for pixel in range(size):
                    levels[genome, channel, begin + pixel] = np.uint8(abs(result[pixel]) * np.float32(255))
