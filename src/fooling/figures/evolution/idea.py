r"""The idea of the paper in one picture: a photograph, an image that fools, and how it is evolved (Figure 2).

In: the scores of natural images, and the fooling set and the elites of a run of evolution against one of the networks
that scored them. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.idea --natural natural/imagenet.csv \
        --fooling-set cppn/lite0/seed-0/fooling_set.npz \
        --elites cppn/lite0/seed-0/elites.npz --network-name EfficientNet-Lite0 --output figure_2.png figure_2.svg
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.artifacts.origin import EvolutionOrigin
from fooling.artifacts.table import read_table
from fooling.command_line import run_step
from fooling.data.class_names import class_name
from fooling.data.image_region import read_image
from fooling.data.imagenet.classes import imagenet_classes
from fooling.data.imagenet.sample_folder import sample_images
from fooling.data.photographs import photographs
from fooling.errors import FoolingError
from fooling.evolution.lineage import Lineage, load_lineage
from fooling.figures.evolution.ancestry import run_scale
from fooling.figures.parts.captioned import Captioned
from fooling.figures.parts.names import class_title, shortened
from fooling.figures.parts.picture import draw_picture, page
from fooling.figures.parts.style import (
    DPI,
    FAINT,
    LABEL_SIZE,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    QUIET,
    SMALL_SIZE,
    draw_heading,
    heading_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.wording import format_confidence

NATURAL_NUMBERS = ("label", "top_confidence", "right")
NATURAL_TEXTS = ("source", "network", "image")
"""Columns of the natural images' scores that are needed."""

_LARGE, _THUMB, _CELL, _PITCH = 1.2, 0.62, 0.36, 0.39
_TITLE, _BETWEEN, _LOOP = 0.2, 0.36, 3.5
"""Inches: sides of the two large images, of parent and child, of a cell, from cell to cell; height of a panel's title,
room between the large images; where the loop begins."""
_ACROSS, _DOWN = 5, 3
_LAYERS = ((0.05, 0.56), (0.06, 0.42), (0.07, 0.3), (0.08, 0.2))
"""Widths and heights of a drawn network's layers, from input to output."""
_VERDICT_SIZE = LABEL_SIZE + 1
_LONGEST_LINE, _LONGEST_NAME = 11, 40


def choose_natural(table: pd.DataFrame, network: str) -> pd.Series:
    """Return the row of the natural image that the network labels rightly with the highest confidence.

    Raises:
        FoolingError: it labels none rightly, or was not asked.
    """
    rows = table[(table["network"] == network) & (table["right"] > 0)]
    if rows.empty:
        raise FoolingError(f"No natural image is labelled rightly by {network}; score the images on that network.")
    return rows.iloc[int(rows["top_confidence"].to_numpy().argmax())]


def choose_fooling(final: FoolingSet) -> int:
    """Return the row of the most confident image that is not of one colour throughout.

    Raises:
        FoolingError: each one is.
    """
    order = np.argsort(-final.log_confidence, kind="stable").tolist()
    for row in order:
        if (np.ptp(final.images[row], axis=(1, 2)) > 0).any():
            return row
    raise FoolingError("Each of the evolved images is of one colour throughout; evolve for more generations.")


def choose_pair(lineage: Lineage, final: FoolingSet) -> tuple[int, int] | None:
    """Return the classes of an elite and of its parent, if some parent still holds the class it was drawn from.

    Of several, the pair with the most confident child.

    Args:
        lineage: of the run.
        final: its final images, in the order of the classes.
    """
    rows = lineage.holders(int(lineage.generation[-1]))
    rows = rows[rows >= 0]
    parent_cell = lineage.parent_cell[rows]
    kept = (parent_cell >= 0) & (lineage.elites[parent_cell] == lineage.parent[rows])
    if not kept.any():
        return None
    child = lineage.cell[rows]
    best = int(np.argmax(np.where(kept, final.log_confidence[child], -np.inf)))
    return int(child[best]), int(parent_cell[best])


@style()
def draw_idea(natural: Captioned, fooling_set: FoolingSet, lineage: Lineage, network_name: str) -> Figure:
    """Draw what the network says of a photograph and of an evolved image, and the loop that evolved it.

    Args:
        natural: the photograph.
        fooling_set: of one run of evolution against that network.
        lineage: of the same run.
        network_name: how the figure calls the network.

    Raises:
        FoolingError: the fooling set and the lineage are of different runs, or no image is fit to be shown.
    """
    final = fooling_set.final()
    if not np.array_equal(final.target, np.arange(len(lineage.elites))) or final.run[0] != lineage.run:
        raise FoolingError("The fooling set and the elites are of different runs; give those of one run.")
    top = MARGIN + heading_height(2) + 0.05
    height = top + _TITLE + 2 * _LARGE + _BETWEEN + 0.18 + MARGIN
    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    draw_heading(figure, *_heading(lineage.origin, lineage.run))
    axes = page(figure)
    for left, title in ((MARGIN, "What the network says"), (_LOOP, "How evolution finds it")):
        axes.text(left, top, title, size=LABEL_SIZE, weight="bold", va="top")
    top += _TITLE
    fooling = _labelled(lineage.origin, final, choose_fooling(final))
    _draw_verdict(axes, natural, "natural photograph", top, network_name)
    _draw_verdict(axes, fooling, "evolved image", top + _LARGE + _BETWEEN, network_name)
    _draw_loop(axes, lineage, final, top, network_name)
    return figure


def _labelled(origin: EvolutionOrigin, final: FoolingSet, row: int) -> Captioned:
    name = class_title(origin, int(final.target[row]))
    return Captioned(final.images[row], name, float(final.confidence[row]))


def _heading(origin: EvolutionOrigin, run: int) -> tuple[str, str, str]:
    scale = run_scale(origin, run)
    rule = "chosen: the photograph labelled rightly, and the evolved image, with the highest confidence"
    return "The idea: change images until a network is certain of a class", scale, rule


def _draw_verdict(axes: Axes, labelled: Captioned, kind: str, top: float, network_name: str) -> None:
    draw_picture(axes, labelled.image, MARGIN, top, _LARGE)
    axes.text(MARGIN, top + _LARGE + 0.04, kind, size=SMALL_SIZE, color=QUIET, va="top")
    middle = top + _LARGE / 2
    network = MARGIN + _LARGE + 0.42
    _arrow(axes, (MARGIN + _LARGE + 0.05, middle), (network - 0.05, middle))
    right = _draw_network(axes, network, middle, network_name)
    _arrow(axes, (right + 0.05, middle), (right + 0.32, middle))
    left = right + 0.38
    axes.text(left, middle - 0.03, _wrapped(labelled.name), size=_VERDICT_SIZE, weight="bold", va="bottom")
    axes.text(left, middle + 0.03, format_confidence(labelled.confidence), size=_VERDICT_SIZE, va="top")


def _wrapped(name: str) -> str:
    """Break a name of several words into lines where a line would be long."""
    lines = [""]
    for word in shortened(name, _LONGEST_NAME).split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LONGEST_LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _draw_network(axes: Axes, left: float, middle: float, name: str, *, leftward: bool = False) -> float:
    """Draw layers that narrow towards the output, at the right or `leftward`, and return where they end."""
    begin = left
    for width, height in reversed(_LAYERS) if leftward else _LAYERS:
        layer = FancyBboxPatch((left, middle - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.02")
        layer.set(facecolor="#dce9f2", edgecolor=METHOD_COLOURS["direct"], linewidth=0.7)
        axes.add_patch(layer)
        left += width + 0.035
    right = left - 0.035
    axes.text((begin + right) / 2, middle + 0.32, name, size=SMALL_SIZE, color=QUIET, ha="center", va="top")
    return right


def _arrow(axes: Axes, begin: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = FancyArrowPatch(begin, end, arrowstyle="-|>", mutation_scale=7, shrinkA=0, shrinkB=0)
    arrow.set(color=QUIET, linewidth=1.0)
    axes.add_patch(arrow)


def _draw_loop(axes: Axes, lineage: Lineage, final: FoolingSet, top: float, network_name: str) -> None:
    pair = choose_pair(lineage, final)
    child = pair[0] if pair else int(final.target[choose_fooling(final)])
    parent = pair[1] if pair else None
    right = PAGE_WIDTH - MARGIN - _THUMB
    low = top + _LARGE + _BETWEEN + _LARGE / 2
    _draw_archive(axes, final, [cell for cell in (child, parent) if cell is not None], top)
    archive_right, archive_bottom = _LOOP + _ACROSS * _PITCH, top + _DOWN * _PITCH
    _step(axes, "1  select", (archive_right + right) / 2, top + 0.2, "center")
    _arrow(axes, (archive_right + 0.05, top + 0.3), (right - 0.06, top + 0.3))
    _draw_thumb(axes, None if parent is None else final.images[parent], right, top, "parent")
    column, parent_bottom, child_top = right + _THUMB / 2, top + _THUMB + 0.16, low - _THUMB / 2
    _arrow(axes, (column, parent_bottom), (column, child_top - 0.05))
    _step(axes, "2  mutate, render", column - 0.08, (parent_bottom + child_top) / 2, "right")
    _draw_thumb(axes, final.images[child], right, child_top, "child")
    network = archive_right - 0.35
    network_right = _draw_network(axes, network, low, network_name, leftward=True)
    _arrow(axes, (right - 0.06, low), (network_right + 0.06, low))
    _step(axes, "3  score", (right + network_right) / 2, low - 0.1, "center")
    _arrow(axes, (network - 0.06, low), (_LOOP + 0.95, low))
    labelled = _labelled(lineage.origin, final, child)
    _step(axes, f"{format_confidence(labelled.confidence)}\n{_wrapped(labelled.name)}", _LOOP + 0.45, low, "center")
    _arrow(axes, (_LOOP + 0.45, low - 0.26), (_LOOP + 0.45, archive_bottom + 0.18))
    text = "4  replace the image of each class\nfor which the child scores higher"
    _step(axes, text, _LOOP + 0.55, (low - 0.08 + archive_bottom) / 2, "left")


def _step(axes: Axes, text: str, place: float, height: float, align: str) -> None:
    axes.text(place, height, text, size=LABEL_SIZE, ha=align, va="center", linespacing=1.28)


def _draw_thumb(axes: Axes, image: np.ndarray | None, left: float, top: float, name: str) -> None:
    if image is None:
        frame = Rectangle((left, top), _THUMB, _THUMB, fill=False, edgecolor=FAINT, linestyle="dashed", linewidth=0.7)
        axes.add_patch(frame)
    else:
        draw_picture(axes, image, left, top, _THUMB)
    axes.text(left + _THUMB / 2, top + _THUMB + 0.03, name, size=SMALL_SIZE, color=QUIET, ha="center", va="top")


def _draw_archive(axes: Axes, final: FoolingSet, marked: list[int], top: float) -> None:
    """Draw some cells: those marked, and the most confident ones with images that differ."""
    shown = _distinct(final, marked)
    for number, cell in enumerate(sorted(shown)):
        left = _LOOP + number % _ACROSS * _PITCH
        look: dict[str, Any] = {"edge": METHOD_COLOURS["cppn"], "width": 1.2} if cell in marked else {}
        draw_picture(axes, final.images[cell], left, top + number // _ACROSS * _PITCH, _CELL, **look)
    text = f"archive: the best of each class, {len(shown)} of {len(final):,}"
    axes.text(_LOOP, top + _DOWN * _PITCH + 0.02, text, size=SMALL_SIZE, color=QUIET, va="top")


def _distinct(final: FoolingSet, first: list[int]) -> list[int]:
    order = [*first, *np.argsort(-final.log_confidence, kind="stable").tolist()]
    seen: dict[bytes, int] = {}
    for cell in order:
        seen.setdefault(final.images[cell].tobytes(), cell)
        if len(seen) == _ACROSS * _DOWN:
            break
    return list(seen.values())


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--natural", type=Path, required=True, help="scores of natural images (CSV)")
    parser.add_argument("--imagenet-root", type=Path, help="folder of ILSVRC-2012, if it was scored")
    parser.add_argument("--photographs", type=Path, help="folder of photographs, if these were scored")
    parser.add_argument("--fooling-set", type=Path, required=True, help="fooling set of a run of evolution (.npz)")
    parser.add_argument("--elites", type=Path, required=True, help="elites of the same run (.npz)")
    parser.add_argument("--network-name", help="how to call the network [default: as its file]")
    with recorded(parser) as arguments:
        lineage = load_lineage(arguments.elites)
        network = lineage.origin.network
        row = choose_natural(read_table(arguments.natural, NATURAL_NUMBERS, NATURAL_TEXTS), network)
        image = read_image(_path(row, arguments.imagenet_root, arguments.photographs))
        natural = Captioned(image, class_name("imagenet", int(row["label"])), float(row["top_confidence"]))
        fooling_set = load_fooling_set(arguments.fooling_set)
        save_figure(draw_idea(natural, fooling_set, lineage, arguments.network_name or network), arguments.output)


def _path(row: pd.Series, imagenet_root: Path | None, folder: Path | None) -> Path:
    """Return the file of a scored natural image.

    Raises:
        FoolingError: the folder that it was in is not given, or it is not there.
    """
    if row["source"] == "ilsvrc_val":
        if imagenet_root is None:
            raise FoolingError("The scores are of ILSVRC-2012's images; name their folder by --imagenet-root.")
        return imagenet_root / "val" / imagenet_classes()[int(row["label"])].wordnet_id / row["image"]
    if row["source"] == "sample" and folder is None:
        raise FoolingError("The scores are of a folder of photographs; name it by --photographs.")
    for path, label in photographs() if folder is None else sample_images(folder):
        if (path.name, label) == (row["image"], row["label"]):
            return path
    where = "the foolbox package" if folder is None else folder
    raise FoolingError(f"There is no photograph {row['image']} in {where}; score the photographs again.")


if __name__ == "__main__":
    run_step(main)
