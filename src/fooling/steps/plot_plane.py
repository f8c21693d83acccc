"""Draw a classifier of points in the plane, confident far beyond its data, beside a density (Figure 14).

In: what the step train_plane writes (.npz). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_plane --plane plane/plane.npz --output figure_14.png figure_14.svg
"""

from pathlib import Path

from fooling.figures.plane import draw_plane, read_plane
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--plane", type=Path, required=True, help="what the step train_plane wrote (.npz)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_plane(*read_plane(arguments.plane)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
