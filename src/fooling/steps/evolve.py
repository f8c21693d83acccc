r"""Evolve fooling images for every class of a network, in either encoding.

`python -m fooling.steps.evolve direct --help` and `... cppn --help` explain the two. The workflow calls them by
their own modules, evolve_direct and evolve_cppn, so that an edit of one encoding does not rerun the other.

Example:
    python -m fooling.steps.evolve cppn --network results/default/networks/lenet-1.npz --seed 0 \
        --output run/fooling_set.npz --history run/history.csv --archive run/archive.npz --generations 50
"""

import sys

from fooling.steps import evolve_cppn, evolve_direct
from fooling.steps.command_line import run_step, step_parser

ENCODINGS = {"direct": evolve_direct.main, "cppn": evolve_cppn.main}


def main() -> None:
    """Hand over to the step of the encoding that is named first."""
    parser = step_parser(main)
    parser.add_argument("encoding", choices=ENCODINGS, help="how images are written as genomes; its own --help follows")
    arguments = parser.parse_args(sys.argv[1:2])
    del sys.argv[1]
    ENCODINGS[arguments.encoding]()


if __name__ == "__main__":
    run_step(main)
