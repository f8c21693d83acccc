r"""Read the CPPN images that the paper's authors published as fooling sets, which all other steps take.

In: the folder `10-runs-x-1000-cppns` of their unpacked archive (pytorch-ood's `FoolingImages` has its address and
unpacks it), and a network. Out: a fooling set for each run, OUTPUT/run-0/fooling_set.npz to run-9, with the network's
confidence in the class that each image aims at. Files named as the authors' code names them tell that class; where the
names tell none, it is the network's first choice. Images of another size than the network's are resized.

    python -m fooling.steps.experiments.read_authors_images --folder data/10-runs-x-1000-cppns \
        --network results/imagenet/networks/squeezenet.npz --output results/authors
"""

from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.data.authors_folder import AuthorsRun, list_authors_runs
from fooling.devices import prepare_device
from fooling.experiments.authors_images import check_scorer, score_authors_run
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_networks
from fooling.results.wording import format_confidence
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, then read, score and save run by run."""
    parser = step_parser(main)
    parser.add_argument("--folder", type=Path, required=True, help="folder 10-runs-x-1000-cppns")
    parser.add_argument("--network", type=Path, required=True, help="the network that scores the images (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="folder for the fooling sets, 200 MB each")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)

    runs = list_authors_runs(arguments.folder)
    name, networks = arguments.network.stem, load_networks(arguments.network)
    check_scorer(name, networks[0], names_tell=runs[0].claims is not None)
    device = prepare_device(compute)
    classifier = classifier_of(networks, device)
    recorded = {"device": device.type, "threads": compute.threads}
    for run in runs:
        output = arguments.output / f"run-{run.number}" / "fooling_set.npz"
        provenance = Provenance("read_authors_images", recorded, [arguments.network, *run.paths])
        fooling_set, choice = score_authors_run(run, classifier, name, networks[0], provenance.record())
        save_fooling_set(output, fooling_set)
        provenance.save(provenance_path(output))
        print(f"{output}: {_in_words(run, fooling_set, choice)}", flush=True)


def _in_words(run: AuthorsRun, fooling_set: FoolingSet, choice: np.ndarray) -> str:
    name, median = fooling_set.origin.network, _median(fooling_set.confidence)
    if run.claims is None:
        return f"the names tell no class; {name} is {median} sure of its first choice (median)"
    claimed, agreed = _median(run.claims.confidence), 100 * np.mean(choice == fooling_set.target)
    return (
        f"CaffeNet was {claimed} sure of the class that an image aims at, {name} is {median} sure (medians); "
        f"{agreed:.1f} % are its first choice"
    )


def _median(confidence: np.ndarray) -> str:
    return format_confidence(float(np.median(confidence)))


if __name__ == "__main__":
    run_step(main)
