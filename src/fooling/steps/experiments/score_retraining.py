r"""Measure a chain of retrained networks: how well they classify, how soon they are fooled, what they recognise.

In: the networks DNN1, DNN2, … of one chain, in order; for each the fooling set and the history of its round; the
images of each round but the last that joined the fooling class; further fooling sets against DNN1; the folder of the
data set (of ILSVRC-2012, the first test image of each class stands for all; without it, twenty photographs do). Out: a
table with one row per round, and one of what each network makes of each kind of image (CSV).

Example:
    python -m fooling.steps.experiments.score_retraining --data data/mnist \
        --networks lenet-1.npz round-2/lenet-1-dnn2.npz \
        --fooling-sets round-1/fooling_set.npz round-2/fooling_set.npz --fooling-classes round-1/fooling_class.npz \
        --histories round-1/history.csv round-2/history.csv --rounds rounds.csv --recognition recognition.csv
"""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet, join, load_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.datasets import HeldOut, dataset_files, first_classes, load_dataset
from fooling.data.imagenet.sample import load_imagenet_sample, photograph_sample
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.experiments.recognition import tabulate_recognition
from fooling.experiments.retraining_chain import Round, check_chain, read_history
from fooling.experiments.rounds import tabulate_rounds
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import TrainedNetwork, load_network
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse, score, save."""
    parser = step_parser(main)
    parser.add_argument("--data", type=Path, help="folder of the data set; none: twenty photographs")
    for name, thing in (("networks", "networks (.npz)"), ("fooling-sets", "fooling sets"), ("histories", "histories")):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help=f"{thing} of rounds 1, 2, ...")
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="of each round but the last")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="further fooling sets against DNN1")
    parser.add_argument("--rounds", type=Path, required=True, help="table of the rounds to write (.csv)")
    parser.add_argument("--recognition", type=Path, required=True, help="table of the kinds of image to write (.csv)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    count = len(arguments.networks)
    if {len(arguments.fooling_sets), len(arguments.histories), len(arguments.fooling_classes) + 1} != {count}:
        raise FoolingError(
            "Give as many fooling sets and histories as networks, and one fooling class fewer: the last needs none."
        )

    device = prepare_device(compute)
    chain = [load_network(path) for path in arguments.networks]
    sets = [load_fooling_set(path) for path in arguments.fooling_sets]
    histories = [read_history(path) for path in arguments.histories]
    drawn = [load_fooling_set(path) for path in arguments.fooling_classes]
    names = [path.stem for path in arguments.networks]
    rounds = [Round(*each) for each in zip_longest(names, chain, sets, histories, drawn)]
    further = [load_fooling_set(path) for path in arguments.others]
    real, real_paths = _load(chain, arguments.data)
    check_chain(rounds, real, further)
    inputs = [arguments.networks, arguments.fooling_sets, arguments.histories, arguments.fooling_classes]
    files = [path for paths in inputs for path in paths] + arguments.others + real_paths
    provenance = Provenance("score_retraining", {"device": device.type, "threads": compute.threads}, files)
    others: dict[str, FoolingSet] = {}
    for fooling_set in further:
        kind = _kind(fooling_set)
        others[kind] = join([others[kind], fooling_set]) if kind in others else fooling_set
    classifiers = [classifier_of([trained], device) for trained in chain]
    by_round = tabulate_rounds(rounds, classifiers, real)
    recognition = tabulate_recognition(rounds, classifiers, real, others, np.random.default_rng(0))
    save_with(arguments.rounds, lambda path: by_round.to_csv(path, index=False))
    save_with(arguments.recognition, lambda path: recognition.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.rounds))


def _load(chain: Sequence[TrainedNetwork], folder: Path | None) -> tuple[HeldOut, list[Path]]:
    """Return real images of the data set of a chain, and the files that they were read from."""
    first = chain[0]
    if folder is None:
        if first.dataset != "imagenet":
            raise FoolingError(f"The networks are measured by images of {first.dataset}; give its folder (--data).")
        return photograph_sample(first.image_shape)
    if first.dataset == "imagenet":
        return load_imagenet_sample(folder, first.real_classes, first.image_shape)
    dataset = first_classes(load_dataset(first.dataset, folder), first.real_classes)
    return dataset.held_out, dataset_files(first.dataset, folder)


def _kind(fooling_set: FoolingSet) -> str:
    return " ".join(filter(None, (fooling_set.origin.method, fooling_set.origin.ascent_set)))


if __name__ == "__main__":
    run_step(main)
