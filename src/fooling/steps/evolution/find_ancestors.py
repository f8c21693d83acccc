r"""Find the genomes of all ancestors of CPPN images.

A run's file of elites holds the genomes of its last elites and the record of who replaced whom. Breeding all
generations again by that record, without the network, gives the ancestors' genomes, bit for bit.

In: the elites of runs of CPPN evolution. Out: the genomes of their last elites and of all these descend from.

    python -m fooling.steps.evolution.find_ancestors \
        --elites cppn/lite0/seed-0/elites.npz cppn/lite0/seed-1/elites.npz \
        --output ancestors/imagenet.npz
"""

from pathlib import Path

from fooling.artifacts.ancestors import save_ancestors
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.evolution.find_ancestors import find_ancestors
from fooling.evolution.recorded import load_recorded
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, breed, save."""
    parser = step_parser(main)
    parser.add_argument("--elites", type=Path, nargs="+", required=True, help="the runs' elites (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="the ancestors to write (.npz)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    provenance = Provenance("find_ancestors", {"device": device.type}, arguments.elites)
    runs = {}
    for path in arguments.elites:
        recorded = load_recorded(path)
        key = (recorded.lineage.origin.network, recorded.lineage.run)
        if key in runs:
            raise FoolingError(f"{path} is a second run {key[1]} against {key[0]}; give each run once.")
        runs[key] = find_ancestors(recorded, device)
    save_ancestors(arguments.output, runs)
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
