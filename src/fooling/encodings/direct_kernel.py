"""Mutating and drawing directly encoded genomes on the CPU, in compiled code.

The same functions as the tensor operations in `direct`, which serve every other device; the tests hold one against the
other.
"""

import numpy as np

from fooling.encodings.kernel_cache import compiled
from fooling.encodings.operator_kernels import polynomial_step, uniform

LOWEST, HIGHEST = -(2**15), 2**15 - 1
"""The genes that stand for 0 and 1."""
STEPS = HIGHEST - LOWEST
"""Steps from 0 to 1."""
BLOCK = 512
"""Genes whose random numbers are drawn at a time, so that the compiler can use vector instructions."""


@compiled
def mutate(genes: np.ndarray, seeds: np.ndarray, rate: np.float32, eta: float) -> None:
    """Mutate genomes, int16 (N, G), in place; each child has its seed, int64 (N,)."""
    draws = np.empty(BLOCK, dtype=np.float32)
    mutating = np.empty(BLOCK, dtype=np.int64)
    for row in range(len(genes)):
        for begin in range(0, genes.shape[1], BLOCK):
            size = min(BLOCK, genes.shape[1] - begin)
            for offset in range(size):
                draws[offset] = uniform(seeds[row], 2 * (begin + offset))
            # Collected first: a branch for each gene would be mispredicted at every mutation.
            count = 0
            for offset in range(size):
                mutating[count] = begin + offset
                count += draws[offset] < rate
            for gene in mutating[:count]:
                step = polynomial_step(uniform(seeds[row], 2 * gene + 1), eta) * np.float32(STEPS)
                mutated = np.float32(genes[row, gene]) + np.rint(step)
                genes[row, gene] = np.int16(min(max(mutated, np.float32(LOWEST)), np.float32(HIGHEST)))


@compiled
def render(genes: np.ndarray, levels: np.ndarray) -> None:
    """Write the grey levels, uint8 (M,), of genes, int16 (M,)."""
    for index in range(len(genes)):
        levels[index] = np.uint8((np.int32(genes[index]) - LOWEST) // (STEPS // 255))
