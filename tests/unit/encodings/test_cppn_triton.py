"""The GPU's kernel where there is no GPU: run by Triton's interpreter, and compiled for a Hopper GPU."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("triton", reason="triton exists for Linux alone")

INTERPRETED = """
import torch
from fooling.encodings import cppn_triton
from fooling.encodings.cppn_genome import mutate_genomes, random_genomes
from fooling.encodings.cppn_program import compile_genomes
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.settings.evolution import CppnSettings

settings = CppnSettings(max_hidden_nodes=12, max_connections=40)
for outputs, coordinates in ((1, "pixels"), (3, "unit")):
    genomes = random_genomes(torch.arange(8), outputs, settings)
    for generation in range(30):
        mutate_genomes(genomes, torch.arange(8) + 100 * generation, settings)
    program = compile_genomes(genomes)
    inputs = coordinate_planes(15, 20, coordinates)
    assert set(program.function.tolist()) == {0, 1, 2, 3}
    assert torch.equal(cppn_triton.run_program(program, inputs), run_program(program, inputs))
"""

COMPILED = """
import re
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
from fooling.encodings.cppn_triton import _interpret

types = "*i32 *i8 *i32 *i16 *fp32 *i16 *fp32 *fp32 *u8 i32 i32 i32 i32 constexpr".split()
signature = dict(zip(_interpret.arg_names, types, strict=True))
source = ASTSource(_interpret, signature=signature, constexprs={"BLOCK": 256})
options = {"num_warps": 4, "enable_fp_fusion": False}
code = triton.compile(source, target=GPUTarget("cuda", 90, 32), options=options).asm["ptx"]
assert "mul" in code and not re.search(r"fma\\.", code), "fused operations would change the bytes"
assert "div.rn" in code and not re.search(r"div\\.(full|approx)", code)
"""


def run(program: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_interpreted_kernel_gives_the_bytes_of_the_cpu() -> None:
    run(INTERPRETED, TRITON_INTERPRET="1")


def test_kernel_compiles_for_a_gpu_without_fused_operations() -> None:
    run(COMPILED)
