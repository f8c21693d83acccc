r"""Find repeated elements in fooling images, remove them, and ask the network again (Figure 10).

In: fooling sets of one method and one network, and that network. Of their final images the distinct ones of the
highest confidence are examined.
Out: what became of each image (.npz), pictures of the most confident ones that repeat an element among it; and
the same numbers as a table, one row per image and share of the copies that is left (.csv).

    python -m fooling.steps.experiments.ablate \
        --fooling-sets cppn/lite0/seed-0/fooling_set.npz cppn/lite0/seed-1/fooling_set.npz \
        --network networks/lite0.npz --output ablation/imagenet.npz --table ablation/imagenet.csv
"""

from pathlib import Path

from fooling.artifacts.ablation import save_ablation
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_table
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.experiments.ablation import examine, select_images
from fooling.networks.classifier import load_classifier
from fooling.settings.ablation import AblationSettings
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, remove, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="runs of one method and network")
    parser.add_argument("--network", type=Path, required=True, help="the network that they fool (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="numbers and pictures to write (.npz)")
    parser.add_argument("--table", type=Path, help="the same numbers as a table to write (.csv)")
    add_settings(parser, AblationSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, AblationSettings)
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    provenance = Provenance("ablate", recorded, [*arguments.fooling_sets, arguments.network])
    images = select_images(map(load_fooling_set, arguments.fooling_sets), settings)
    classifier = load_classifier(arguments.network, device)
    file = examine(images, classifier, arguments.network.stem, len(arguments.fooling_sets), settings)
    save_ablation(arguments.output, file, provenance.record())
    if arguments.table is not None:
        save_table(arguments.table, file.table())
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
