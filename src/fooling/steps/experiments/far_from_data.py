r"""Ask networks far from their data: the classifier of points in the plane along rays, and one of images.

In: a network that was trained here, and the folder of its data set; the settings of the plane. Out: a table of the
confidence in the likeliest class against the scale of the input (CSV).

    python -m fooling.steps.experiments.far_from_data --network networks/lenet-1.npz --data data/mnist \
        --output far_from_data.csv
"""

from pathlib import Path

import numpy as np
import pandas as pd

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.experiments.far_from_data import tabulate_images, tabulate_plane
from fooling.experiments.held_out import load_held_out
from fooling.networks.network_file import load_network
from fooling.settings.compute import ComputeSettings
from fooling.settings.plane import PlaneSettings


def main() -> None:
    """Parse the command line, ask, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="a network that was trained here (.npz)")
    parser.add_argument("--data", type=Path, required=True, help="folder of its data set")
    parser.add_argument("--output", type=Path, required=True, help="table to write (.csv)")
    add_settings(parser, PlaneSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, PlaneSettings)
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    trained = load_network(arguments.network)
    real, files = load_held_out(trained, arguments.data)
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    provenance = Provenance("far_from_data", recorded, [arguments.network, *files])
    of_images = tabulate_images(trained, real.images, np.random.default_rng(settings.seed), device)
    table = pd.concat([tabulate_plane(settings, device), of_images], ignore_index=True)
    table["dataset"] = trained.dataset
    save_with(arguments.output, lambda path: table.to_csv(path, index=False))
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
