"""Draw the images of one round of retraining that join the fooling class.

In: the fooling set of a round, as `fooling.steps.evolution.evolve_round` writes it. Out: a fooling set with so many
different images of it, half of them from the first and half from the last generation (paper, section 3.5).

Example:
    python -m fooling.steps.training.sample_fooling_class --fooling-set round-1/fooling_set.npz --seed 1 \\
        --images 2000 \\
        --output round-1/fooling_class.npz
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import load_fooling_set, save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.settings.retraining import SampleSettings
from fooling.training.fooling_class import sample_fooling_class


def main() -> None:
    """Parse, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-set", type=Path, required=True, help="the fooling set of the round (.npz)")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set to write (.npz)")
    add_settings(parser, SampleSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, SampleSettings)
    recorded = {**settings.model_dump(), "seed": arguments.seed}
    provenance = Provenance("sample_fooling_class", recorded, [arguments.fooling_set])
    generator = np.random.default_rng(arguments.seed)
    drawn = sample_fooling_class(load_fooling_set(arguments.fooling_set), settings.images, generator)
    save_fooling_set(arguments.output, replace(drawn, provenance=provenance.record()))
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
