"""Benchmarks: what evolution costs beside the network, and beside other programs. Run `python -m benchmarks.NAME`."""
