r"""Measure drawing CPPNs: this program's renderer against its own slow reference and neat-python's loop over pixels.

All draw the same graphs with the same functions, in turns, and must agree to one grey level. This program's
time includes compiling the genomes and converting colours; the others' does not. Out, in the folder:
rendering.csv. `images_per_s` and `ratio_to_ours` are medians.

    python -m benchmarks.rendering
    python -m benchmarks.rendering --sizes 28 --hidden-nodes 5 20 50
"""

import itertools
from typing import Any

import numpy as np
import torch

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.genomes import genomes_of_size, program_of, settings_for
from benchmarks.neat_loop import draw as neat_draw
from benchmarks.neat_loop import network_of
from benchmarks.timing import alternate, spread
from fooling.command_line import run_step
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_reference import draw, read_genome
from fooling.encodings.cppn_render import coordinate_planes, run_program
from fooling.errors import FoolingError

OURS, REFERENCE, NEAT = "fooling", "fooling's slow reference", "neat-python"


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--sizes", nargs="+", type=int, default=[28, 256], help="28 is grey, others RGB [28 256]")
    parser.add_argument("--hidden-nodes", nargs="+", type=int, default=[5, 20], help="of each genome [5 20]")
    parser.add_argument("--seconds", type=float, default=5, help="for the turns of each case [5]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    rows = []
    for size, hidden in itertools.product(arguments.sizes, arguments.hidden_nodes):
        rows += _measure(size, hidden, arguments.seconds, device)
    print_rows(rows)
    write_rows(arguments.folder / "rendering.csv", rows)


def _measure(size: int, hidden: int, budget: float, device: torch.device) -> list[dict[str, Any]]:
    channels, count = (1, 200) if size == 28 else (3, 20)
    encoding = CppnEncoding((channels, size, size), settings_for(hidden))
    population = genomes_of_size(hidden, count, encoding, device)
    program, inputs = program_of(population, channels), coordinate_planes(size, size, "unit")
    # The slow ones draw one image in each turn.
    graph, network, pixels = read_genome(population, 0, channels), network_of(program, 0), inputs.numpy()
    levels = run_program(program, inputs.to(device))[0].cpu().numpy().astype(int)
    for name, others in ((REFERENCE, draw(graph, pixels)), (NEAT, neat_draw(network, pixels))):
        if np.abs(levels - others).max() > 1:
            raise FoolingError(f"{name} draws another image than this program does, so their times say nothing.")
    taken = alternate(
        {
            OURS: lambda: encoding.render(population),
            REFERENCE: lambda: draw(graph, pixels),
            NEAT: lambda: neat_draw(network, pixels),
        },
        device,
        budget,
    )
    speed = {peer: (count if peer == OURS else 1) / seconds for peer, seconds in taken.items()}
    times = speed[OURS] / speed[NEAT]
    print(f"{size} x {size}, {hidden} hidden nodes: {spread(times, 0)} times as fast as neat-python", flush=True)
    return [
        {
            "peer": peer,
            "image_size": size,
            "hidden_nodes": hidden,
            "images_per_s": f"{np.median(rate):.4g}",
            "ratio_to_ours": f"{np.median(rate / speed[OURS]):.4g}",
        }
        for peer, rate in speed.items()
    ]


if __name__ == "__main__":
    run_step(main)
