"""Gather the results of a long run in a folder that is small enough for the repository.

In: the results of a configuration. Out, in the folder: for each run of evolution (or each of some experiments) its
genomes (packed), its history (thinned), its provenance, and the confidence and checksum of every image; all tables;
all figures (WebP).

    python -m fooling.steps.release.ship_results --results results/imagenet --folder docs/results/imagenet
    python -m fooling.steps.release.ship_results --results results/mnist --folder docs/results/mnist --experiments mnist

Whoever has the folder draws the images again with `fooling.steps.evolution.check_shipped`.
"""

from pathlib import Path

from fooling.command_line import run_step, step_parser
from fooling.release.ship import ship


def main() -> None:
    """Parse the command line, gather, say what was written."""
    parser = step_parser(main)
    parser.add_argument("--results", type=Path, required=True, help="results of a configuration")
    parser.add_argument("--folder", type=Path, required=True, help="folder to write to")
    parser.add_argument("--experiments", nargs="+", metavar="NAME", help="whose runs are wanted [default: all]")
    arguments = parser.parse_args()
    for line in ship(arguments.results, arguments.folder, arguments.experiments):
        print(line, flush=True)
    size = sum(path.stat().st_size for path in arguments.folder.rglob("*") if path.is_file())
    print(f"{arguments.folder}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    run_step(main)
