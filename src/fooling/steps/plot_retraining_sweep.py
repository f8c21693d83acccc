"""Draw how the share of fooling images and the number of classes change what a retrained network is fooled by.

In: tables of rounds that `fooling.steps.score_retraining` makes, one for each chain of each experiment. Out: the
figure as PNG, SVG or PDF, by suffix.

Example:
    python -m fooling.steps.plot_retraining_sweep --rounds */rounds.csv --output sweep.png sweep.svg
"""

from pathlib import Path

from fooling.figures.retraining_sweep import draw_retraining_sweep
from fooling.figures.retraining_table import read_rounds
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--rounds", type=Path, nargs="+", required=True, help="tables of rounds (.csv)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_retraining_sweep(read_rounds(arguments.rounds)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
