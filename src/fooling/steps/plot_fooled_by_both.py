r"""Draw images that fool two networks at once, with both confidences (Figure S1).

In: scores.csv of the transfer step, the fooling sets that it scored, in the same order, and the names of
two networks. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_fooled_by_both --scores scores.csv --networks lenet-1 lenet-2 \
        --fooling-sets cppn/lenet-1/fooling_set.npz cppn/lenet-2/fooling_set.npz --output figure_s1.png
"""

from pathlib import Path

from fooling.figures.fooled_by_both import draw_fooled_by_both, read_scores
from fooling.figures.style import save_figure
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--scores", type=Path, required=True, help="table of all scores (scores.csv)")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="as in the transfer step")
    parser.add_argument("--networks", nargs=2, required=True, metavar="NAME", help="the two networks")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
    first, second = arguments.networks
    save_figure(draw_fooled_by_both(read_scores(arguments.scores), fooling_sets, (first, second)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
