r"""Ask whether children could be turned away cheaply: judged in bfloat16, and again in float32 only near an elite.

A child is near if its confidence in some class, judged in bfloat16, comes within a factor (the margin) of that class's
elite, and the elite is not at the highest float32 number already. Whatever is not near would be turned away. Each
generation is judged in both ways, and evolution goes on by float32. Out, in the folder: rejection.csv, for each margin
the share of children that are near, the share of replacements that would be missed, and how many times faster the
network's part would be, from the two precisions' speed in the same run.

    python -m benchmarks.rejection --network results/default/networks/lite0.npz
    python -m benchmarks.rejection --network squeezenet.npz --batch 400 \
        --elites docs/results/imagenet/evolution/imagenet/cppn/squeezenet/seed-0/elites.npz.gz
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.timing import seconds
from benchmarks.warm_runs import start
from fooling.artifacts.elites import load_elites
from fooling.command_line import run_step
from fooling.encodings.population import Population
from fooling.evolution.archive import Archive
from fooling.evolution.map_elites import Evolution
from fooling.networks.classifier import NetworkClassifier
from fooling.networks.network_file import load_network

MARGINS = (1.0, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0)


def main() -> None:
    """Parse the command line, evolve and judge twice, save."""
    parser = bench_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the network to fool (.npz)")
    parser.add_argument("--elites", type=Path, help="of the run to go on from (.npz) [default: begin anew]")
    parser.add_argument("--batch", type=int, default=100, help="children per generation [100]")
    parser.add_argument("--warm-up", type=int, default=0, help="generations before it is measured [0]")
    parser.add_argument("--generations", type=int, default=40, help="generations to measure [40]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    trained = load_network(arguments.network)
    exact = NetworkClassifier(trained, device)
    cheap = NetworkClassifier(trained, device, precision=torch.bfloat16)
    run = start("cppn", exact.image_shape, exact.classes, arguments.batch, device)
    if arguments.elites is not None:
        go_on_from(run, arguments.elites)
    while run.generation < arguments.warm_up:
        brood = run.breed()
        run.judge(brood, exact.log_confidence(brood.images))
    taken = {"float32": 0.0, "bfloat16": 0.0}
    counts = np.zeros((len(MARGINS), 2), dtype=int)
    replacements, errors = 0, []
    for _ in range(arguments.generations):
        brood = run.breed()
        scores: list[Tensor] = []
        taken["bfloat16"] += seconds(lambda: scores.append(cheap.log_confidence(brood.images)), device)  # noqa: B023
        taken["float32"] += seconds(lambda: scores.append(exact.log_confidence(brood.images)), device)  # noqa: B023
        rough, judged = scores
        needed, wins = nearness(rough, judged, run.archive.fitness)
        replacements += len(wins)
        for place, margin in enumerate(np.log(MARGINS)):
            near = needed <= margin
            counts[place] += int(near.sum()), int((~near[wins]).sum())
        held = judged > np.log(0.01)
        errors.append((rough - judged)[held].abs())
        run.judge(brood, judged)
    children = arguments.generations * arguments.batch
    speed = taken["float32"] / taken["bfloat16"]
    error = torch.cat(errors)
    print(
        f"{run.generation} generations; float32 {children / taken['float32']:.1f} images/s, bfloat16 {speed:.2f} times "
        f"as fast; {replacements} replacements; error of confidences of 1 % and more: median "
        f"{error.median().expm1():.1%}, of one in a hundred {error.quantile(0.99).expm1():.1%} and more"
    )
    rows = [
        {
            "margin": margin,
            "near": f"{near / children:.3f}",
            "replacements_missed": f"{missed / max(1, replacements):.4f}",
            "times_as_fast": f"{1 / (1 / speed + near / children):.2f}",
        }
        for margin, (near, missed) in zip(MARGINS, counts.tolist(), strict=True)
    ]
    print_rows(rows)
    write_rows(arguments.folder / "rejection.csv", rows)


def go_on_from(run: Evolution, elites: Path) -> None:
    """Give a run the archive of a recorded one, as if it went on from there."""
    recorded = load_elites(elites)
    genomes = {name: torch.from_numpy(genes) for name, genes in recorded.genomes.items()}
    run.archive = Archive(
        Population(genomes), torch.from_numpy(recorded.fitness), torch.from_numpy(recorded.individual)
    )
    run.generation = recorded.origin.generations


def nearness(rough: Tensor, judged: Tensor, elites: Tensor) -> tuple[Tensor, Tensor]:
    """Return the margin that each child needs to be judged again, and the children that take a cell.

    Args:
        rough: log-confidences in bfloat16, float32 (N, classes).
        judged: log-confidences in float32, float32 (N, classes).
        elites: confidences of the elites, float32 (classes,).

    Returns:
        needed: float32 (N,), the least logarithm of a factor by which some confidence reaches its elite's.
        wins: int64 (R,), for each cell that changes hands its new elite.
    """
    open_cells = elites < 1
    needed = torch.where(open_cells, elites.log() - rough, torch.inf).amin(dim=1)
    best, child = judged.exp().max(dim=0)
    return needed, child[best > elites]


if __name__ == "__main__":
    run_step(main)
