"""Mutation of directly encoded genomes on the CPU, in compiled code.

The same function of parents and seeds as the tensor operations in `direct`, which serve every other device; the
tests hold one against the other.
"""

import numpy as np

from fooling.encodings.operator_kernels import compiled, polynomial_step, uniform

BLOCK = 512
"""Genes whose random numbers are drawn at a time, so that the compiler can use vector instructions."""


@compiled
def mutate(genes: np.ndarray, seeds: np.ndarray, rate: np.float32, eta: float) -> None:
    """Mutate genomes, float32 (N, G), in place; each child has its seed, int64 (N,)."""
    draws = np.empty(BLOCK, dtype=np.float32)
    for row in range(len(genes)):
        for begin in range(0, genes.shape[1], BLOCK):
            size = min(BLOCK, genes.shape[1] - begin)
            for offset in range(size):
                draws[offset] = uniform(seeds[row], 2 * (begin + offset))
            for offset in range(size):
                if draws[offset] < rate:
                    gene = begin + offset
                    mutated = genes[row, gene] + polynomial_step(uniform(seeds[row], 2 * gene + 1), eta)
                    genes[row, gene] = min(max(mutated, np.float32(0)), np.float32(1))
