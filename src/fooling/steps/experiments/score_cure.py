r"""Measure what a cure for fooling is worth: a chain of networks, each fooled by images that were evolved against it.

In: the networks DNN1, DNN2, … of one chain, in order; for each the fooling set and the history of its round; the
images of each round but the last that later networks learned from, if they did; the folder of the data set. Out: a
table with one row per network (CSV).

    python -m fooling.steps.experiments.score_cure --data data/mnist --networks lenet-1.npz round-2/lenet-1-dnn2.npz \
        --fooling-sets round-1/fooling_set.npz round-2/fooling_set.npz --fooling-classes round-1/fooling_class.npz \
        --histories round-1/history.csv round-2/history.csv --output cure.csv
"""

from pathlib import Path

import numpy as np

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.experiments.cures import tabulate_cure
from fooling.experiments.held_out import load_held_out
from fooling.experiments.retraining_chain import check_chain, load_rounds
from fooling.networks.classifier import classifier_of
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse, score, save."""
    parser = step_parser(main)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    for name, thing in (("networks", "networks (.npz)"), ("fooling-sets", "fooling sets"), ("histories", "histories")):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help=f"{thing} of rounds 1, 2, ...")
    parser.add_argument("--fooling-classes", type=Path, nargs="*", default=[], help="of each round but the last")
    parser.add_argument("--output", type=Path, required=True, help="table of the networks to write (.csv)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    chain = (arguments.networks, arguments.fooling_sets, arguments.histories, arguments.fooling_classes)
    rounds = load_rounds(*chain)
    real, real_paths = load_held_out(rounds[0].trained, arguments.data)
    check_chain(rounds, real, [])
    files = [*(path for paths in chain for path in paths), *real_paths]
    provenance = Provenance("score_cure", {"device": device.type, "threads": compute.threads}, files)
    classifiers = [classifier_of([each.trained], device) for each in rounds]
    table = tabulate_cure(rounds, classifiers, real, np.random.default_rng(0))
    save_with(arguments.output, lambda path: table.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
