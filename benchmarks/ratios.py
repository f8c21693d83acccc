r"""Measure how near evolution comes to its limit, the network: full loop against forward pass alone, in turns.

Out, in the folder: ratios.csv (medians), turns.csv (every turn) and stages.csv (where a generation's time goes).

    python -m benchmarks.ratios
    python -m benchmarks.ratios --networks alexnet --population 400 --device cuda --seconds 60
"""

import argparse
import itertools
from typing import Any

import numpy as np
import torch

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.genomes import mean_size, program_of
from benchmarks.networks import PRECISIONS, build
from benchmarks.stages import time_stages
from benchmarks.timing import alternate, spread
from benchmarks.warm_runs import ENCODINGS, warm_run
from fooling.command_line import run_step
from fooling.evolution.together import advance

WARM_UP = {"lenet": 100, "alexnet": 1, "lite0": 1}
"""Generations against the network before anything is measured."""

Rows = list[dict[str, Any]]


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--networks", nargs="+", choices=WARM_UP, default=list(WARM_UP), help="to fool [all]")
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS), help="of it [both]")
    parser.add_argument("--views", type=int, choices=(1, 10), default=1, help="crops of each image [1]")
    parser.add_argument("--population", type=int, default=200, help="children per generation [200]")
    parser.add_argument("--seconds", type=float, default=9, help="for the turns of each row [9]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    ratios: Rows = []
    turns: Rows = []
    stages: Rows = []
    for network, precision, encoding in itertools.product(arguments.networks, arguments.precisions, ENCODINGS):
        measured = _measure(network, precision, encoding, arguments, device)
        for table, rows in zip((ratios, turns, stages), measured, strict=True):
            table.extend(rows)
    print_rows(ratios)
    print_rows(stages)
    for name, table in (("ratios", ratios), ("turns", turns), ("stages", stages)):
        write_rows(arguments.folder / f"{name}.csv", table)


def _measure(
    network: str, precision: str, encoding: str, arguments: argparse.Namespace, device: torch.device
) -> tuple[Rows, Rows, Rows]:
    classifier = build(network, device, precision, arguments.views)
    run = warm_run(encoding, classifier, arguments.population, WARM_UP[network])
    cells = run.archive.sample(arguments.population, run.generator)
    children = run.encoding.mutate(run.archive.population.select(cells), run.generation, run.generator)
    images = run.encoding.render(children)
    turns = alternate(
        {"forward": lambda: classifier.log_confidence(images), "loop": lambda: advance([run], classifier)},
        device,
        arguments.seconds,
    )
    generations = max(3, len(turns["loop"]) // 4)
    stages = time_stages(run, classifier, generations)

    what = {
        "network": network,
        "encoding": encoding,
        "image_size": images.shape[-1],
        "population": len(images),
        "threads": torch.get_num_threads(),
        "precision": precision,
    }
    ratio = turns["forward"] / turns["loop"]
    print(f"{network}, {precision}, {encoding}: loop / forward-only {spread(ratio)} in {len(ratio)} turns", end="")
    if encoding == "cppn":
        hidden, connections = mean_size(program_of(children, images.shape[1]))
        print(f"; the mean child has {hidden:.1f} hidden nodes and {connections:.1f} connections at work", end="")
    print(flush=True)
    speed = {name: len(images) / np.median(taken) for name, taken in turns.items()}
    result = {
        "forward_images_per_s": round(speed["forward"], 1),
        "loop_images_per_s": round(speed["loop"], 1),
        "ratio": round(float(np.median(ratio)), 4),
    }
    pairs = zip(turns["forward"] * 1e3, turns["loop"] * 1e3, strict=True)
    return (
        [what | result],
        [what | {"forward_ms": round(forward, 4), "loop_ms": round(loop, 4)} for forward, loop in pairs],
        [what | row for row in _stage_rows(stages)],
    )


def _stage_rows(stages: dict[str, np.ndarray]) -> Rows:
    whole = sum(stages.values())
    return [
        {
            "stage": stage,
            "share": round(float(np.median(taken / whole)), 4),
            "median_ms": round(float(np.median(taken)) * 1e3, 4),
            "min_ms": round(taken.min() * 1e3, 4),
            "max_ms": round(taken.max() * 1e3, 4),
        }
        for stage, taken in stages.items()
    ]


if __name__ == "__main__":
    run_step(main)
