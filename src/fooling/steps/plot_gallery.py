r"""Draw forty fooling images that are unlike each other, chosen by a rule (Figure 8).

Among distinct images of at least 90 % confidence (if they are fewer than forty, the 200 most confident), the most
confident is taken, then always the one most unlike those before it in the features of another network.

In: fooling sets of runs of one encoding against one network, the features of these on another network (of the step
embed, which got the sets in the same order), and the paper's values. Out: the figure as PNG, SVG or PDF, by suffix, and
a table of the images in it (CSV).

    python -m fooling.steps.plot_gallery --features features/imagenet.npz --fooling-sets \
        cppn/lite0/seed-0/fooling_set.npz cppn/lite0/seed-1/fooling_set.npz \
        --paper-values config/paper_values.csv --output figure_08.png figure_08.svg --table diverse_images.csv
"""

from pathlib import Path

from fooling.features import load_features
from fooling.figures.gallery import choose_diverse, confidence_of, diverse_table, draw_gallery
from fooling.figures.paper_values import published, read_paper_values
from fooling.figures.style import save_figure
from fooling.fooling_set_files import FoolingSetFiles
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record
from fooling.storage import save_with


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--features", type=Path, required=True, help="features on another network (.npz)")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="as in the step embed")
    parser.add_argument("--paper-values", type=Path, required=True, help="the published numbers (CSV)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    parser.add_argument("--table", type=Path, required=True, help="table of the images to write (.csv)")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    paper = published(read_paper_values(arguments.paper_values), "figure_8")
    fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
    features = load_features(arguments.features)
    choice = choose_diverse(features, confidence_of(features, fooling_sets))
    save_figure(draw_gallery(features, fooling_sets, choice, paper), arguments.output)
    table = diverse_table(features, choice)
    save_with(arguments.table, lambda path: table.to_csv(path, index=False))
    for path in (arguments.output[0], arguments.table):
        record.save(provenance_path(path))


if __name__ == "__main__":
    run_step(main)
