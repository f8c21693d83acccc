"""Running CPPN programs on a GPU: one kernel interprets all programs, block of pixels by block of pixels.

Each kernel instance carries one genome's program through one block of pixels. Register values go through a
scratch of a few kilobytes per instance that stays in the GPU's cache, since Triton has no indexed registers;
no plane of node values ever exists. Operation by operation this is the arithmetic of `activations`, without
fused multiply-adds and with IEEE division, so the bytes are those of the CPU.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from fooling.encodings import activations as a
from fooling.encodings.cppn_genome import INPUTS
from fooling.encodings.cppn_program import CppnProgram

BLOCK = 256
INSTANCES_PER_PROCESSOR = 16
"""Kernel instances in flight for each multiprocessor; each of them owns a scratch."""
CPU_INSTANCES = 2
"""Kernel instances under Triton's interpreter, which runs on the CPU (`TRITON_INTERPRET=1`)."""


def run_program(program: CppnProgram, inputs: Tensor) -> Tensor:
    """Return uint8 (N, outputs, P); see `cppn_render.run_program`."""
    pixels, device = inputs.shape[1], inputs.device
    genomes, outputs = program.output.shape
    levels = torch.empty(genomes, outputs, pixels, dtype=torch.uint8, device=device)
    work = genomes * triton.cdiv(pixels, BLOCK)
    instances = CPU_INSTANCES
    if device.type == "cuda":
        instances = torch.cuda.get_device_properties(device).multi_processor_count * INSTANCES_PER_PROCESSOR
    instances = min(instances, max(work, 1))
    scratch = torch.empty(instances, program.registers, BLOCK, device=device)
    _interpret[(instances,)](
        program.step_offsets,
        program.function,
        program.edge_offsets,
        program.edge_source,
        program.edge_weight,
        program.output,
        inputs,
        scratch,
        levels,
        work,
        pixels,
        program.registers,
        outputs,
        BLOCK=BLOCK,
        num_warps=BLOCK // 64,
        enable_fp_fusion=False,
    )
    return levels


_SINE, _SIGMOID, _GAUSSIAN = (tl.constexpr(f) for f in (a.SINE, a.SIGMOID, a.GAUSSIAN))
_INPUTS = tl.constexpr(INPUTS)
_INVERSE_PI, _PI_1, _PI_2, _PI_3 = (tl.constexpr(float(c)) for c in (a.INVERSE_PI, a.PI_1, a.PI_2, a.PI_3))
_S3, _S5, _S7, _S9 = (tl.constexpr(float(c)) for c in (a.SIN_3, a.SIN_5, a.SIN_7, a.SIN_9))
_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8 = (tl.constexpr(float(c)) for c in a.EXP_TERMS)
_EXP_LIMIT, _EXP_SCALE = tl.constexpr(float(a.EXP_LIMIT)), tl.constexpr(float(a.EXP_SCALE))


@triton.jit
def _exp_minus(t):
    u = tl.minimum(t, _EXP_LIMIT) * _EXP_SCALE - 0.5
    y = _E7 + u * _E8
    y = _E6 + u * y
    y = _E5 + u * y
    y = _E4 + u * y
    y = _E3 + u * y
    y = _E2 + u * y
    y = _E1 + u * y
    y = _E0 + u * y
    y = y * y
    y = y * y
    y = y * y
    y = y * y
    return y * y


@triton.jit
def _activate(p, function):
    if function == _SINE:
        turns = tl.floor(p * _INVERSE_PI + 0.5)
        r = ((p - turns * _PI_1) - turns * _PI_2) - turns * _PI_3
        s = r * r
        y = r + r * (s * (_S3 + s * (_S5 + s * (_S7 + s * _S9))))
        p = y * (1.0 - 2.0 * (turns - 2.0 * tl.floor(turns * 0.5)))
    elif function == _SIGMOID:
        e = _exp_minus(tl.abs(p))
        y = tl.div_rn(1.0 - e, 1.0 + e)
        p = tl.where(p < 0, -y, y)
    elif function == _GAUSSIAN:
        p = _exp_minus(p * p)
    else:
        p = tl.div_rn(tl.maximum(tl.minimum(p, 3.0), -3.0), tl.full(p.shape, 3.0, tl.float32))
    return p


@triton.jit
def _interpret(
    step_offsets,
    function,
    edge_offsets,
    edge_source,
    edge_weight,
    output,
    inputs,
    scratch,
    levels,
    work,
    pixels,
    registers,
    outputs,
    BLOCK: tl.constexpr,
):
    lane = tl.arange(0, BLOCK)
    memory = scratch + tl.program_id(0) * registers * BLOCK + lane
    blocks = tl.cdiv(pixels, BLOCK)
    for item in range(tl.program_id(0), work, tl.num_programs(0)):
        genome = item // blocks
        pixel = item % blocks * BLOCK + lane
        inside = pixel < pixels
        for index in range(_INPUTS):
            tl.store(memory + index * BLOCK, tl.load(inputs + index * pixels + pixel, mask=inside, other=0.0))
        first = tl.load(step_offsets + genome)
        last = tl.load(step_offsets + genome + 1)
        for step in range(first, last):
            total = tl.zeros((BLOCK,), tl.float32)
            for edge in range(tl.load(edge_offsets + step), tl.load(edge_offsets + step + 1)):
                source = tl.load(edge_source + edge).to(tl.int32)
                total = total + tl.load(edge_weight + edge) * tl.load(memory + source * BLOCK)
            value = _activate(total, tl.load(function + step).to(tl.int32))
            # Each thread reads back only what it wrote itself, so no barrier is needed.
            tl.store(memory + (_INPUTS + step - first) * BLOCK, value)
        for channel in range(outputs):
            register = tl.load(output + genome * outputs + channel).to(tl.int32)
            level = (tl.abs(tl.load(memory + register * BLOCK)) * 255.0).to(tl.int32).to(tl.uint8)
            address = (genome.to(tl.int64) * outputs + channel) * pixels + pixel
            tl.store(levels + address, level, mask=inside)
