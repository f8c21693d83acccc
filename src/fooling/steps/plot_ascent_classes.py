r"""Draw one image of gradient ascent for each class, less the mean colour, with class and confidence (Figure 13).

In: a fooling set of the ascend step; of several starts the first one is drawn. Out: the figure as PNG, SVG or PDF, by
suffix.

    python -m fooling.steps.plot_ascent_classes --fooling-set minus_1/lite0/fooling_set.npz \
        --output figure_13.png figure_13.svg
"""

from pathlib import Path

from fooling.figures.ascent_classes import draw_ascent_classes
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-set", type=Path, required=True, help="fooling set of gradient ascent")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_ascent_classes(load_fooling_set(arguments.fooling_set)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
