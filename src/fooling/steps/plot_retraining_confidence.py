"""Draw how confident images are that were evolved against DNN1, and against DNN2 (Figure 12).

In: the fooling sets of round 1 and of round 2, one of each for every chain, in the same order. Out: the figure as
PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.steps.plot_retraining_confidence --before round-1/fooling_set.npz \\
        --after round-2/fooling_set.npz --output figure_12.png figure_12.svg
"""

from pathlib import Path

from fooling.figures.retraining_confidence import draw_retraining_confidence
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--before", type=Path, nargs="+", required=True, help="fooling sets against DNN1")
    parser.add_argument("--after", type=Path, nargs="+", required=True, help="fooling sets against DNN2")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    before, after = ([load_fooling_set(path) for path in paths] for paths in (arguments.before, arguments.after))
    save_figure(draw_retraining_confidence(before, after), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
