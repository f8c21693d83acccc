r"""Combine networks into an ensemble, whose confidence is the mean of its members' (paper, section 3.2).

In: network files. Out: one network file that all other steps take as they take a single network.

    python -m fooling.steps.networks.combine_networks --networks lite0.npz lite1.npz lite2.npz --output lite.npz
"""

from pathlib import Path

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import run_step, step_parser
from fooling.errors import FoolingError
from fooling.networks.network_file import load_network, save_networks


def main() -> None:
    """Parse, combine, save."""
    parser = step_parser(main)
    parser.add_argument("--networks", type=Path, nargs="+", required=True, help="the members (.npz), two or more")
    parser.add_argument("--output", type=Path, required=True, help="the ensemble to write (.npz)")
    arguments = parser.parse_args()
    if len(arguments.networks) < 2:
        raise FoolingError("--networks: an ensemble has two members or more.")
    provenance = Provenance("combine_networks", {}, arguments.networks)
    members = [load_network(path) for path in arguments.networks]
    facts = {(member.dataset, member.classes, member.image_shape) for member in members}
    if len(facts) > 1:
        raise FoolingError("--networks: the members of an ensemble share data set, classes and image size.")
    save_networks(arguments.output, members, provenance.record())
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
