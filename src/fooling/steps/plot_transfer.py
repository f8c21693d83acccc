"""Draw which networks are fooled by images made against another: source against tested network.

In: transfer.csv of the transfer step. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_transfer --table transfer.csv --output transfer.png transfer.svg
    python -m fooling.steps.plot_transfer --table transfer.csv --measures same_label top_5 --output transfer.png
"""

from pathlib import Path

from fooling.figures.style import save_figure
from fooling.figures.transfer_matrix import MEASURES, USUAL, draw_transfer_matrix, read_transfer
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--table", type=Path, required=True, help="table of shares (transfer.csv)")
    parser.add_argument("--measures", nargs="+", choices=MEASURES, default=USUAL, help="shares to draw")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    save_figure(draw_transfer_matrix(read_transfer(arguments.table), arguments.measures), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
