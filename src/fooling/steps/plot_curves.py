r"""Draw the median confidence of the elites over generations, direct encoding against CPPN.

In: history.csv of every run of each encoding. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_curves --direct direct/seed-0/history.csv direct/seed-1/history.csv \
        --cppn cppn/seed-0/history.csv cppn/seed-1/history.csv --output curves.png curves.svg
"""

from pathlib import Path

from fooling.figures.confidence_curves import draw_confidence_curves, read_histories
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--direct", type=Path, nargs="*", default=[], help="histories of the direct encoding's runs")
    parser.add_argument("--cppn", type=Path, nargs="*", default=[], help="histories of the CPPN encoding's runs")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    histories = {"direct": read_histories(arguments.direct), "cppn": read_histories(arguments.cppn)}
    save_figure(draw_confidence_curves(histories), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
