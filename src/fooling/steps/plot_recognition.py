"""Draw which images retrained networks take for fooling.

In: tables that `fooling.steps.score_retraining` makes, one for each chain. Out: the figure as PNG, SVG or PDF, by
suffix.

Example:
    python -m fooling.steps.plot_recognition --recognition recognition.csv --dataset mnist \\
        --output recognition.png recognition.svg
"""

from pathlib import Path

from fooling.figures.recognition import draw_recognition, read_recognition
from fooling.figures.style import dataset_name, save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--recognition", type=Path, nargs="+", required=True, help="tables of recognition (.csv)")
    parser.add_argument("--dataset", required=True, help="name of the data set, for the title")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    table = read_recognition(arguments.recognition)
    save_figure(draw_recognition(table, dataset_name(arguments.dataset)), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
