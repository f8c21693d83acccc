r"""Draw the images of gradient ascent: columns are classes, rows are starts, one panel for each named set.

In: fooling sets of the ascend step, one for each panel. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_ascent --fooling-sets minus_1/lenet-1/fooling_set.npz 169/lenet-1/fooling_set.npz \
        --output ascent.png ascent.svg
"""

from pathlib import Path

from fooling.figures.ascent_sheet import draw_ascent_sheet
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import run_step, step_parser


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, in panels' order")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    save_figure(draw_ascent_sheet([load_fooling_set(path) for path in arguments.fooling_sets]), arguments.output)


if __name__ == "__main__":
    run_step(main)
