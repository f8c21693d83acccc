"""Draw fooling images before and after repeated elements were removed, with the network's confidence (Figure 10).

In: what the ablation step writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_ablation --ablation ablation/imagenet.npz --output figure_10.png figure_10.svg
"""

from pathlib import Path

from fooling.figures.ablation import draw_ablation, read_ablation
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--ablation", type=Path, required=True, help="what the ablation step wrote (.npz)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_ablation(*read_ablation(arguments.ablation)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
