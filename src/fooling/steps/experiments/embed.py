r"""Compute what another network sees in fooling images: its features, by which their likeness is judged.

In: fooling sets (the final images of evolution), and a network that they were not made against.
Out: the inputs of its last linear layer for each image (.npz).

    python -m fooling.steps.experiments.embed \
        --fooling-sets cppn/lite0/seed-0/fooling_set.npz cppn/lite0/seed-1/fooling_set.npz \
        --network networks/lite1.npz --output features/imagenet.npz
"""

from pathlib import Path

from fooling.artifacts.features import save_features
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.experiments.embedding import embed
from fooling.networks.classifier import load_classifier
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, embed, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets to embed")
    parser.add_argument("--network", type=Path, required=True, help="another network than they fool (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="features to write (.npz)")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)
    if len(set(arguments.fooling_sets)) < len(arguments.fooling_sets):
        raise FoolingError("--fooling-sets: a file is given twice; give each once.")

    device = prepare_device(compute)
    recorded = {"device": device.type, "threads": compute.threads}
    provenance = Provenance("embed", recorded, [*arguments.fooling_sets, arguments.network])
    classifier = load_classifier(arguments.network, device)
    fooling_sets = FoolingSetFiles(arguments.fooling_sets)
    save_features(arguments.output, embed(fooling_sets, classifier, arguments.network.stem, provenance.record()))
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
