r"""Images that fool two networks at once (paper, section 3.2 and supplementary Figure S1).

In: scores.csv of the transfer step, the fooling sets that it scored, in the same order, and the names of
two networks. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.transfer.fooled_by_both --scores scores.csv --networks lenet-1 lenet-2 \
        --fooling-sets cppn/lenet-1/fooling_set.npz cppn/lenet-2/fooling_set.npz --output figure_s1.png
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.table import read_table
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.figures.parts.image_grid import Cell, Layout, Panel, Row, draw_image_grid
from fooling.figures.parts.style import save_figure
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import THRESHOLD, ascent_set_name, format_confidence, method_name

GROUP = ["method", "set", "source_network"]
IMAGE = ["fooling_set", "image"]
MOST_CLASSES = 10


def read_scores(path: Path) -> pd.DataFrame:
    """Read the table of all scores that the transfer step makes.

    Raises:
        FoolingError: the file is no such table, or an image was scored twice on one network.
    """
    scores = read_table(path, (*IMAGE, "target", "confidence"), (*GROUP, "network"))
    if scores.duplicated([*IMAGE, "network"]).any():
        raise FoolingError(f"{path} scores an image twice on one network; make it again.")
    return scores


def best_of_both(scores: pd.DataFrame, networks: tuple[str, str]) -> pd.DataFrame:
    """Pick, for each method, source and class, the image whose lower confidence of the two networks is highest.

    Args:
        scores: as `read_scores` gives it.
        networks: the two networks; images made against others do not take part.

    Returns:
        One row per method, set, source_network and target, with fooling_set, image, the two confidences in columns
        named by the networks, `both` (the lower of them), and images and fooled, which count the images of
        the method and source, and those among them that fool both.

    Raises:
        FoolingError: the two networks are one, or the scores lack one of them.
    """
    if networks[0] == networks[1]:
        raise FoolingError(f"--networks: give two different networks, not {networks[0]} twice.")
    for network in networks:
        if network not in set(scores["network"]):
            known = ", ".join(dict.fromkeys(scores["network"]))
            raise FoolingError(f"The scores know no network {network}; they have {known}.")
    kept = scores[scores["network"].isin(networks) & scores["source_network"].isin(networks)]
    if kept.empty:
        raise FoolingError(f"No image of these scores was made against {networks[0]} or {networks[1]}.")
    wide = kept.pivot_table(index=[*GROUP, "target", *IMAGE], columns="network", values="confidence").reset_index()
    wide["both"] = wide[list(networks)].min(axis=1, skipna=False)
    groups = wide.groupby(GROUP)["both"]
    wide["images"] = groups.transform("size")
    wide["fooled"] = groups.transform(lambda both: (both >= THRESHOLD).sum())
    best = wide.sort_values("both", ascending=False, kind="stable").drop_duplicates([*GROUP, "target"])
    return best.sort_values([*IMAGE, "target"], kind="stable").reset_index(drop=True)


def draw_fooled_by_both(
    scores: pd.DataFrame, fooling_sets: Collection[FoolingSet], networks: tuple[str, str]
) -> Figure:
    """Draw, for each method, source and class, the image that fools both networks best, with both confidences.

    Of more than ten classes those are drawn of which some image fools both networks best.

    Args:
        scores: as `read_scores` gives it.
        fooling_sets: in the order in which they were scored.
        networks: the two networks.

    Raises:
        FoolingError: the scores are of other fooling sets or lack a network, or no image was made against these.
    """
    best = best_of_both(scores, networks)
    highest = best.groupby("target")["both"].max().sort_values(ascending=False, kind="stable")
    targets = sorted(highest.index[:MOST_CLASSES])
    drawn = best[best["target"].isin(targets)]
    images = _checked_images(scores, fooling_sets, drawn)
    rows = [_row(group, images, targets, networks) for _, group in drawn.groupby(GROUP, sort=False)]
    counts = best.drop_duplicates(GROUP)
    reached = int((drawn["both"] >= THRESHOLD).sum())
    threshold = format_confidence(THRESHOLD)
    each = "each class" if len(targets) == len(highest) else f"each of the {len(targets)} best classes"
    chosen = f"For {each} and source the image whose lower confidence is highest; {reached} of these {len(drawn)} "
    verdict = f"reach {threshold} on both" + ("" if reached == len(drawn) else ", the others in orange")
    totals = f"{counts['fooled'].sum():,} of {counts['images'].sum():,} altogether"
    subtitle = [chosen + verdict, f"Right: how many of all images reach {threshold} on both ({totals})"]
    layout = Layout(label_width=0.95, note_width=0.6, caption_lines=2, note_header=("fool both",))
    title = f"Images that fool both {networks[0]} and {networks[1]}"
    return draw_image_grid([Panel(rows)], [f"{target:.0f}" for target in targets], title, subtitle, layout)


def _checked_images(
    scores: pd.DataFrame, fooling_sets: Collection[FoolingSet], wanted: pd.DataFrame
) -> dict[tuple[int, int], np.ndarray]:
    """Return the wanted images by set and row; check that the scores are those of the fooling sets, one by one."""
    images = {}
    same = set(scores["fooling_set"]) <= set(range(len(fooling_sets)))
    scored = scores.drop_duplicates(IMAGE).sort_values(IMAGE)
    for position, fooling_set in enumerate(fooling_sets):
        final, rows = fooling_set.final(), scored[scored["fooling_set"] == position]
        numbers = rows["image"].to_numpy(dtype=np.int64)
        same &= not len(numbers) or int(numbers.max()) < len(final)
        if not same:
            break
        same &= np.array_equal(rows["target"], final.target[numbers])
        same &= bool((rows["source_network"] == final.origin.network).all())
        for row in wanted.loc[wanted["fooling_set"] == position, "image"].astype(int).tolist():
            images[position, row] = final.images[row].copy()  # lets go of the others
    if not same:
        raise FoolingError(
            "The scores were made from other fooling sets; give those of the transfer step, in the same order."
        )
    return images


def _row(
    group: pd.DataFrame,
    images: Mapping[tuple[int, int], np.ndarray],
    targets: Sequence[float],
    networks: tuple[str, str],
) -> Row:
    cells: list[Cell | None] = []
    for target in targets:
        rows = group[group["target"] == target]
        cells += [_cell(row, images, networks) for _, row in rows.iterrows()] or [None]
    first = group.iloc[0]
    name = ascent_set_name(first["set"]) if first["set"] else method_name(first["method"])
    label = f"{name}\nagainst {first['source_network']}"
    note = f"{first['fooled']:,} of {first['images']:,}"
    return Row(label, cells, (note,), [f"on {network}" for network in networks])


def _cell(row: pd.Series, images: Mapping[tuple[int, int], np.ndarray], networks: tuple[str, str]) -> Cell:
    image = images[int(row["fooling_set"]), int(row["image"])]
    return Cell(image, [float(row[network]) for network in networks])


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--scores", type=Path, required=True, help="table of all scores (scores.csv)")
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="as in the transfer step")
    parser.add_argument("--networks", nargs=2, required=True, metavar="NAME", help="the two networks")
    with recorded(parser) as arguments:
        fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
        first, second = arguments.networks
        save_figure(draw_fooled_by_both(read_scores(arguments.scores), fooling_sets, (first, second)), arguments.output)


if __name__ == "__main__":
    run_step(main)
