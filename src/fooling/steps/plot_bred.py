"""Draw pictures that were bred by hand, with a network's three most confident classes as bars (Figure 3).

In: what the step replay_breeding writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_bred --bred breeding/bred.npz --output figure_03.png figure_03.svg
"""

from pathlib import Path

from fooling.breeding.bred import load_bred
from fooling.figures.bred import draw_bred
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--bred", type=Path, required=True, help="what the step replay_breeding wrote (.npz)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_bred(load_bred(arguments.bred)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
