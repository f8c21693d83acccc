r"""Draw the ancestry of one fooling image of a run: which classes its ancestors held, and when.

Of the run's ten most confident images it is the one whose ancestors held the most classes.

In: the archive of a run of evolution and its fooling set. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.steps.plot_lineage --archive cppn/lite0/seed-0/archive.npz \
        --fooling-set cppn/lite0/seed-0/fooling_set.npz --output ancestry.png ancestry.svg
"""

from pathlib import Path

from fooling.figures.ancestry import draw_ancestry
from fooling.figures.style import save_figure
from fooling.fooling_set import load_fooling_set
from fooling.lineage import load_lineage
from fooling.steps.command_line import provenance_path, run_step, step_parser
from fooling.steps.drawing_record import drawing_record


def main() -> None:
    """Parse the command line, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--archive", type=Path, required=True, help="the run's archive of elites (.npz)")
    parser.add_argument("--fooling-set", type=Path, required=True, help="the run's fooling set (.npz)")
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="figures to write")
    arguments = parser.parse_args()
    record = drawing_record(parser, arguments)
    figure = draw_ancestry(load_lineage(arguments.archive), load_fooling_set(arguments.fooling_set))
    save_figure(figure, arguments.output)
    record.save(provenance_path(arguments.output[0]))


if __name__ == "__main__":
    run_step(main)
