r"""Ask detectors of unnatural images whether they would have caught fooling images.

In: a network, fooling sets of its data set, and the folder of that data set: detectors are fitted to its training
images, and natural ones are its test images. Without a folder, twenty photographs stand for ImageNet's; the detectors
that are fitted must be left out then. Other data sets may be given as ordinary outliers.
Out: a table with a row for each image and a column for each detector, higher for what looks more natural (CSV).

    python -m fooling.steps.experiments.detect --network networks/lenet-1.npz --data data/mnist \
        --fooling-sets cppn/lenet-1/fooling_set.npz direct/lenet-1/fooling_set.npz --outliers cifar10 data/cifar10 \
        --output detection/lenet-1/detectors.csv
    python -m fooling.steps.experiments.detect --network networks/lenet-1.npz --data data/mnist \
        --detectors '["knn", "vim"]' --fooling-sets mine.npz --output detectors.csv
"""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from fooling.artifacts.detector_scores import save_scores
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.detection.observer import Observer
from fooling.devices import prepare_device
from fooling.experiments.detection import detect
from fooling.experiments.fitting_images import load_natural
from fooling.experiments.outliers import ordinary_outliers
from fooling.networks.network_file import load_network
from fooling.settings.compute import ComputeSettings
from fooling.settings.detection import DetectionSettings


def main() -> None:
    """Parse the command line, fit, score, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the network to guard (.npz)")
    parser.add_argument("--data", type=Path, help="folder of its data set; none: twenty photographs")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets to score")
    parser.add_argument(
        "--outliers", nargs=2, action="append", default=[], metavar=("NAME", "FOLDER"), help="another data set"
    )
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write (.csv)")
    add_settings(parser, DetectionSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, DetectionSettings)
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    trained = load_network(arguments.network)
    natural, natural_files = load_natural(
        trained,
        arguments.data,
        training_images=settings.training_images,
        test_images=settings.test_images,
        seed=settings.seed,
    )
    folders = {name: Path(folder) for name, folder in arguments.outliers}
    generator = np.random.default_rng(settings.seed)
    outliers, outlier_files = ordinary_outliers(
        trained.dataset, trained.image_shape, folders, settings.unknown_images, generator
    )
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    recorded["pytorch_ood"] = version("pytorch-ood")
    files = [arguments.network, *arguments.fooling_sets, *natural_files, *outlier_files]
    provenance = Provenance("detect", recorded, files)
    observer = Observer(trained, arguments.network.stem, device)
    save_scores(
        arguments.output, detect(observer, natural, FoolingSetFiles(arguments.fooling_sets), outliers, settings)
    )
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
