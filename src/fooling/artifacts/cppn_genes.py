"""The genomes of CPPNs as arrays, one row for each: which there are, and what they hold."""

from fooling.artifacts.layout import Layout

CPPN_GENES: Layout = {
    "source": "int16 N E",
    "target": "int16 N E",
    "weight": "float32 N E",
    "function": "int8 N V",
}
"""By name, as `fooling.encodings.cppn_genome.Genomes` has them.

source: node where a connection begins, or -1 in a free slot. target: node where it ends, or -1. weight: its gene in
[0, 1], which stands for [-10, 10]. function: activation function of a node; -1 for a node that is not there.
"""
