r"""Make the gallery: a web page of all fooling images that opens from disk.

In: for each experiment its fooling sets (an `archive.npz` beside one tells of its lineage); where there are such, also
the scores of its images on other networks (of the step transfer, which got the same sets in the same order) and the
genomes of their ancestors (of the step find_ancestors). Out: a folder with `index.html`.

    python -m fooling.steps.gallery.make_gallery \
        --experiment mnist cppn/lenet-1/seed-0/fooling_set.npz cppn/lenet-1/seed-1/fooling_set.npz \
        --scores mnist transfer/mnist/scores.csv --ancestors mnist ancestors/mnist.npz --output gallery
"""

from collections.abc import Container, Sequence
from pathlib import Path

from fooling.command_line import run_step, step_parser
from fooling.errors import FoolingError
from fooling.gallery.build import Experiment, build_gallery


def main() -> None:
    """Parse the command line, build."""
    parser = step_parser(main)
    parser.add_argument(
        "--experiment", nargs="+", action="append", required=True, metavar="NAME FILE", help="name and fooling sets"
    )
    for name, content in (("scores", "scores on other networks (.csv)"), ("ancestors", "ancestors' genomes (.npz)")):
        parser.add_argument(
            f"--{name}",
            nargs=2,
            action="append",
            default=[],
            metavar=("NAME", "FILE"),
            help=f"an experiment's {content}",
        )
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    arguments = parser.parse_args()
    sets = {name: [Path(file) for file in files] for name, *files in arguments.experiment}
    scores, ancestors = _by_name(arguments.scores, sets), _by_name(arguments.ancestors, sets)
    experiments = [Experiment(name, files, scores.get(name), ancestors.get(name)) for name, files in sets.items()]
    build_gallery(experiments, arguments.output)


def _by_name(given: Sequence[tuple[str, str]], known: Container[str]) -> dict[str, Path]:
    unknown = [name for name, _ in given if name not in known]
    if unknown:
        raise FoolingError(f"There is no --experiment {unknown[0]}; name one whose fooling sets are given.")
    return {name: Path(file) for name, file in given}


if __name__ == "__main__":
    run_step(main)
