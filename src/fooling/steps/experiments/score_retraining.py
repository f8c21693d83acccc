r"""Measure a chain of retrained networks: how well they classify, how soon they are fooled, what they recognise.

In: the networks DNN1, DNN2, … of one chain, in order; for each the fooling set and the history of its round; the
images of each round but the last that later networks learned from, if they did; further fooling sets against DNN1;
the folder of the data set (of ILSVRC-2012, the first test image of each class stands for all; without it, twenty
photographs do). Out: a table with one row per round, and one of what each network makes of each kind of image (CSV).

    python -m fooling.steps.experiments.score_retraining --data data/mnist \
        --networks lenet-1.npz round-2/lenet-1-dnn2.npz \
        --fooling-sets round-1/fooling_set.npz round-2/fooling_set.npz --fooling-classes round-1/fooling_class.npz \
        --histories round-1/history.csv round-2/history.csv --rounds rounds.csv --recognition recognition.csv
"""

from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import load_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.experiments.held_out import load_held_out
from fooling.experiments.recognition import by_kind, tabulate_recognition
from fooling.experiments.retraining_chain import check_chain, load_rounds
from fooling.experiments.rounds import tabulate_rounds
from fooling.networks.classifier import classifier_of
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse, score, save."""
    parser = step_parser(main)
    parser.add_argument("--data", type=Path, help="folder of the data set; none: twenty photographs")
    for name, thing in (("networks", "networks (.npz)"), ("fooling-sets", "fooling sets"), ("histories", "histories")):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help=f"{thing} of rounds 1, 2, ...")
    parser.add_argument("--fooling-classes", type=Path, nargs="*", default=[], help="of each round but the last")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="further fooling sets against DNN1")
    parser.add_argument("--rounds", type=Path, required=True, help="table of the rounds to write (.csv)")
    parser.add_argument("--recognition", type=Path, required=True, help="table of the kinds of image to write (.csv)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    device = prepare_device(compute)
    chain = (arguments.networks, arguments.fooling_sets, arguments.histories, arguments.fooling_classes)
    rounds = load_rounds(*chain)
    others = [load_fooling_set(path) for path in arguments.others]
    real, real_paths = load_held_out(rounds[0].trained, arguments.data)
    check_chain(rounds, real, others)
    files = [path for paths in chain for path in paths] + arguments.others + real_paths
    provenance = Provenance("score_retraining", {"device": device.type, "threads": compute.threads}, files)
    classifiers = [classifier_of([each.trained], device) for each in rounds]
    recognition = tabulate_recognition(rounds, classifiers, real, by_kind(others), np.random.default_rng(0))
    save_with(arguments.rounds, lambda path: tabulate_rounds(rounds, classifiers, real).to_csv(path, index=False))
    save_with(arguments.recognition, lambda path: recognition.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.rounds))


if __name__ == "__main__":
    run_step(main)
