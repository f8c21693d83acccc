"""Train a small classifier of points in the plane, and ask it far beyond its data, beside a density (Figure 14).

In: nothing but settings. Out: the points, both models on a grid, and a point that fools the network (.npz).

    python -m fooling.steps.experiments.train_plane --output plane/plane.npz
"""

from pathlib import Path

from fooling.artifacts.plane import save_plane
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.experiments.plane import make_plane
from fooling.settings.compute import ComputeSettings
from fooling.settings.plane import PlaneSettings


def main() -> None:
    """Parse the command line, train, save."""
    parser = step_parser(main)
    parser.add_argument("--output", type=Path, required=True, help="points and both models to write (.npz)")
    add_settings(parser, PlaneSettings, ComputeSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, PlaneSettings)
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    recorded = {**settings.model_dump(), "device": device.type, "threads": compute.threads}
    provenance = Provenance("train_plane", recorded, [])
    save_plane(arguments.output, make_plane(settings, device), provenance.record())
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
