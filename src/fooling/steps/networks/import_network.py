r"""Import a network that was trained elsewhere.

In: the name of an architecture and, if they are not the published ones, a file of weights. Out: a network file that
all other steps take. The weights of efficientnet-lite0, -lite1 and -lite2 are installed with this program; those of
torchvision and timm are downloaded, unless a file of them is given.

    python -m fooling.steps.networks.import_network --architecture efficientnet-lite0 --output networks/lite0.npz
    python -m fooling.steps.networks.import_network --architecture torchvision/alexnet --views 10 \
        --output networks/alexnet.npz
    python -m fooling.steps.networks.import_network --architecture torchvision/resnet18 --weights mine.pth \
        --dataset flowers \
        --classes 17 --labels names.txt --output networks/mine.npz
"""

from pathlib import Path

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.networks.network_file import save_networks
from fooling.networks.weight_parts import weight_parts
from fooling.networks.zoo import load_pretrained
from fooling.settings.pretrained import PretrainedSettings


def main() -> None:
    """Parse, import, save."""
    parser = step_parser(main)
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    add_settings(parser, PretrainedSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, PretrainedSettings)
    files = weight_parts(Path(settings.weights)) if settings.weights is not None else []
    files += [Path(settings.labels)] if settings.labels is not None else []
    provenance = Provenance("import_network", settings.model_dump(), files)
    save_networks(arguments.output, [load_pretrained(settings)], provenance.record())
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
