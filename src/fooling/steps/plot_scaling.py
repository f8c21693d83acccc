r"""Draw the median confidence of the elites against evaluated images, for ten and for a thousand classes.

In: history.csv of every run, with the experiment (mnist or imagenet) and the encoding, and the paper's values.
Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_scaling --runs mnist direct mnist/direct/lenet-1/seed-0/history.csv \
        --runs imagenet cppn imagenet/cppn/lite0/seed-0/history.csv imagenet/cppn/lite0/seed-1/history.csv \
        --paper-values config/paper_values.csv --output scaling_curves.png scaling_curves.svg
"""

from pathlib import Path

from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.scaling import PAPER_ITEMS, draw_scaling
from fooling.figures.style import save_figure
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record
from fooling.steps.scaling_runs import add_runs, histories_of, read_runs


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    add_runs(parser)
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments, histories_of(arguments))
    values = read_paper_values(arguments.paper_values)
    paper = {item: published(values, item) for item in PAPER_ITEMS.values()}
    save_figure(draw_scaling(read_runs(arguments), paper), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
