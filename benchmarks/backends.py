r"""Measure what computes a network fastest on a CPU, and how near it comes to what the core can do.

For each network, the whole loop of evolution runs in turns by torch and by OpenVINO, each on one thread and on several,
and between them a large matrix product, whose rate of floating-point operations is taken for the core's peak.
Out, in the folder: backends.csv (medians over the turns).

    python -m benchmarks.backends
    python -m benchmarks.backends --networks squeezenet --population 40 --seconds 60
"""

import argparse
import itertools
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.networks import NETWORKS, build
from benchmarks.timing import alternate
from benchmarks.warm_runs import warm_run
from fooling.command_line import run_step
from fooling.evolution.together import advance
from fooling.networks.classifier import NetworkClassifier

BACKENDS = ("torch", "openvino")
SIDE = 2048
"""Of the matrices."""


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), help="to fool [all]")
    parser.add_argument("--population", type=int, default=64, help="children per generation [64]")
    parser.add_argument("--together", type=int, nargs="+", default=[1, 2], help="numbers of threads to compare [1 2]")
    parser.add_argument("--seconds", type=float, default=40, help="for the turns of each network [40]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    rows = [row for name in arguments.networks for row in _measure(name, arguments, device)]
    print_rows(rows)
    write_rows(arguments.folder / "backends.csv", rows)


def _measure(name: str, arguments: argparse.Namespace, device: torch.device) -> list[dict[str, Any]]:
    matrix = torch.rand(SIDE, SIDE)
    kinds = list(itertools.product(BACKENDS, arguments.together))
    networks = {kind: build(name, device, backend=kind[0], threads=kind[1]) for kind in kinds}
    runs = {kind: warm_run("cppn", network, arguments.population, 1) for kind, network in networks.items()}
    work: dict[Any, Any] = {kind: lambda kind=kind: advance([runs[kind]], networks[kind]) for kind in kinds}
    turns = alternate({"peak": lambda: matrix @ matrix, **work}, device, arguments.seconds)
    peak = 2 * SIDE**3 / turns["peak"]
    operations = _operations(networks[kinds[0]])
    rows = []
    for backend, threads in kinds:
        rate = arguments.population / turns[backend, threads]
        reference = turns[BACKENDS[0], arguments.together[0]]
        rows.append(
            {
                "network": name,
                "backend": backend,
                "threads": threads,
                "images_per_s": round(float(np.median(rate)), 1),
                "share_of_peak": round(float(np.median(rate * operations / peak / threads)), 3),
                "times_torch": round(float(np.median(reference / turns[backend, threads])), 3),
                "turns": len(rate),
            }
        )
    return rows


def _operations(network: NetworkClassifier) -> int:
    """Return the floating-point operations of one image's way through a network."""
    with FlopCounterMode(display=False) as counter:
        network.logits(torch.zeros(1, *network.image_shape))
    return counter.get_total_flops()


if __name__ == "__main__":
    run_step(main)
