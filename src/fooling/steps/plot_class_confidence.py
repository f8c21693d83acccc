r"""Draw how confident a network is in the images of each class, sorted and by class (Figures 6 and 7).

In: the fooling sets of all runs of one encoding against one network, the paper's values, and, if there are some, the
scores of natural images (of the step score_natural). Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_class_confidence --fooling-sets cppn/lite0/seed-0/fooling_set.npz \
        cppn/lite0/seed-1/fooling_set.npz --paper-values config/paper_values.csv --item figure_7 \
        --natural natural/imagenet.csv --output figure_07.png figure_07.svg
"""

from pathlib import Path

from fooling.errors import FoolingError
from fooling.figures.class_confidence import draw_class_confidence
from fooling.figures.class_runs import gather_class_runs
from fooling.figures.natural_scores import read_natural_scores, scores_of
from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.style import save_figure
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets, one for each run")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--item", required=True, help="which of them, such as figure_7")
    parser.add_argument("--natural", type=Path, help="scores of natural images (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = published(read_paper_values(arguments.paper_values), arguments.item)
    natural = [] if arguments.natural is None else read_natural_scores([arguments.natural])
    gathered = gather_class_runs(FoolingSetFiles(arguments.fooling_sets).values())
    if len(gathered) > 1:
        names = "; ".join(runs.name for runs in gathered)
        raise FoolingError(f"One figure shows one encoding against one network, but several are given: {names}.")
    runs = gathered[0]
    scores = scores_of(runs.network, natural) if natural else None
    save_figure(draw_class_confidence(runs, paper, scores), arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
