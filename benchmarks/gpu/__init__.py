"""The campaign on a machine with a GPU: `python -m benchmarks.gpu`. Each of its stages also runs by itself."""
