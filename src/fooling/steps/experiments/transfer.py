r"""Score fooling sets on networks: what they say of images that fool another.

In: fooling sets (the final images of evolution, the last iterates of ascent) and networks, which are named
by their file. Every set is scored on every network, its own among them or not.
Out: a table with one row per image and network, and the table of shares and medians made from it (CSV).

    python -m fooling.steps.experiments.transfer \
        --fooling-sets cppn/lenet-1/fooling_set.npz cppn/lenet-2/fooling_set.npz \
        --networks networks/lenet-1.npz networks/lenet-2.npz --scores scores.csv --table transfer.csv
"""

from collections.abc import Sequence
from pathlib import Path

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.experiments.transfer import score_transfer, summarise_transfer
from fooling.networks.classifier import load_classifier
from fooling.settings.compute import ComputeSettings
from fooling.settings.transfer import TransferSettings


def main() -> None:
    """Parse the command line, score, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets to score")
    parser.add_argument("--networks", type=Path, nargs="+", required=True, help="networks to score them on")
    parser.add_argument("--scores", type=Path, required=True, help="table of all scores to write")
    parser.add_argument("--table", type=Path, required=True, help="table of shares and medians to write")
    add_settings(parser, TransferSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, TransferSettings)
    compute = read_settings(arguments, ComputeSettings)
    _check_distinct("--fooling-sets", [str(path) for path in arguments.fooling_sets])
    _check_distinct("--networks", [path.stem for path in arguments.networks])

    device = prepare_device(compute)
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    provenance = Provenance("transfer", recorded, [*arguments.fooling_sets, *arguments.networks])
    classifiers = {path.stem: load_classifier(path, device) for path in arguments.networks}
    scores = score_transfer(FoolingSetFiles(arguments.fooling_sets), classifiers, settings.least_confidence)
    table = summarise_transfer(scores)
    save_with(arguments.scores, lambda path: scores.to_csv(path, index=False))
    save_with(arguments.table, lambda path: table.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.table))


def _check_distinct(flag: str, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise FoolingError(f"{flag}: two of the files share a name; give each once.")


if __name__ == "__main__":
    run_step(main)
