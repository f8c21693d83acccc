r"""Draw the images of a run again from their genomes, and score them on a network of your own choice.

In: the elites of runs of evolution, and a network with the same classes. Out: a fooling set with the image of each
class, its confidence on that network, and, if wanted, a folder of PNG files. On the network of the run, the images are
those of the run, byte for byte.

    python -m fooling.steps.evolution.draw_elites --elites elites.npz --network networks/squeezenet.npz \
        --output fooling_set.npz --pngs pictures
"""

from pathlib import Path

from fooling.artifacts.fooling_set import join, save_fooling_set
from fooling.artifacts.pngs import export_pngs
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.evolution.draw_again import draw_again
from fooling.evolution.recorded import load_recorded
from fooling.networks.classifier import load_classifier
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, draw, score, save."""
    parser = step_parser(main)
    parser.add_argument("--elites", type=Path, nargs="+", required=True, help="the runs' elites (.npz)")
    parser.add_argument("--network", type=Path, required=True, help="the network that scores the images (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    parser.add_argument("--pngs", type=Path, help="folder for the images as PNG files [default: none]")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    device = prepare_device(read_settings(arguments, ComputeSettings))
    runs = [load_recorded(path) for path in arguments.elites]
    provenance = Provenance("draw_elites", {"device": device.type}, [*arguments.elites, arguments.network])
    classifier, name = load_classifier(arguments.network, device), arguments.network.stem
    drawn = join([draw_again(run, classifier, name, provenance.record()) for run in runs])
    save_fooling_set(arguments.output, drawn)
    provenance.save(provenance_path(arguments.output))
    if arguments.pngs is not None:
        export_pngs(drawn, arguments.pngs)


if __name__ == "__main__":
    run_step(main)
