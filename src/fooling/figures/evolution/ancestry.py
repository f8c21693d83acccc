r"""The ancestry of one fooling image through the classes that its ancestors held (paper, section 2.2).

Of the run's ten most confident images it is the one whose ancestors held the most classes.

In: the elites of a run of evolution and its fooling set. Out: the figure as PNG, SVG or PDF, by suffix.

    python -m fooling.figures.evolution.ancestry --elites cppn/lite0/seed-0/elites.npz \
        --fooling-set cppn/lite0/seed-0/fooling_set.npz --output ancestry.png ancestry.svg
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.artifacts.origin import EvolutionOrigin
from fooling.command_line import run_step
from fooling.evolution.lineage import Lineage, find_images, load_lineage
from fooling.figures.parts.names import class_title, shortened
from fooling.figures.parts.picture import draw_picture, page
from fooling.figures.parts.style import (
    DPI,
    INK,
    LABEL_SIZE,
    MARGIN,
    METHOD_COLOURS,
    PAGE_WIDTH,
    QUIET,
    SMALL_SIZE,
    draw_heading,
    heading_height,
    line_height,
    save_figure,
    style,
)
from fooling.results.drawing import drawing_parser, recorded
from fooling.results.evolution_scale import paper_scale
from fooling.results.wording import counted, dataset_name, format_confidence, method_name

CANDIDATES = 10
"""The most confident images of a run, of which the one with the most classes in its ancestry is shown."""
MOST_CLASSES = 15
"""Classes that are drawn; of a longer ancestry only its last part is."""

_SIDE, _PITCH, _FINAL = 0.37, 0.41, 1.3
_NAMES, _RIGHT = 1.5, 1.7
"""Inches left of the axis of generations, and right of it."""
_LONGEST_NAME, _LONGEST_TITLE = 26, 60
_GRID: dict[str, Any] = {"color": "#eeeeee", "linewidth": 0.6, "zorder": 0}


@dataclass(frozen=True)
class Champion:
    """The image whose ancestry is shown: its class, and the rows of the lineage from its first ancestor to itself."""

    cell: int
    rows: np.ndarray


def choose_champion(lineage: Lineage, final: FoolingSet) -> Champion:
    """Return, of the ten most confident final images, the one whose ancestry went through the most classes.

    Of equal ones the most confident.

    Args:
        lineage: of the run.
        final: its final images.
    """
    order = np.argsort(-final.log_confidence, kind="stable")[:CANDIDATES]
    champions = [Champion(cell, lineage.ancestry(cell)) for cell in final.target[order].tolist()]
    return max(champions, key=lambda champion: len(np.unique(lineage.cell[champion.rows])))


@style()
def draw_ancestry(lineage: Lineage, fooling_set: FoolingSet) -> Figure:
    """Draw the ancestry of one image, chosen by `choose_champion`: a row for each class, time from left to right.

    Ancestors stand where they were born, in the class that they held when they were drawn as parents. An ancestor is
    seen if it is among the images of the fooling set, and is a dot else.

    Args:
        lineage: of one run.
        fooling_set: of the same run.

    Raises:
        FoolingError: the two are of different runs.
    """
    images = find_images(lineage, fooling_set)
    final = fooling_set.final()
    champion = choose_champion(lineage, final)
    shown = _last_classes(lineage, champion.rows)
    classes = list(dict.fromkeys(lineage.cell[shown].tolist()))
    title_height = heading_height(3)
    first_row = MARGIN + title_height + 0.1
    bottom = first_row + len(classes) * _PITCH
    height = max(bottom + 0.36, first_row + _FINAL + 0.05 + 5 * line_height(LABEL_SIZE)) + MARGIN
    figure = Figure(figsize=(PAGE_WIDTH, height), dpi=DPI)
    draw_heading(figure, *_heading(lineage, champion, shown))
    axes = page(figure)
    tops = {cell: first_row + number * _PITCH for number, cell in enumerate(classes)}
    chart = _Chart(axes, lineage, tops, int(lineage.generation[shown[0]]))
    chart.draw_classes(champion.cell)
    chart.draw_generations(first_row, bottom)
    chart.draw_path(shown)
    chart.draw_ancestors(shown, fooling_set.images, images)
    _draw_final(axes, lineage, final, champion, first_row)
    return figure


def _last_classes(lineage: Lineage, rows: np.ndarray) -> np.ndarray:
    """Return the last rows, as many as have no more than `MOST_CLASSES` classes."""
    seen: set[int] = set()
    for begin in range(len(rows) - 1, -1, -1):
        seen.add(int(lineage.cell[rows[begin]]))
        if len(seen) > MOST_CLASSES:
            return rows[begin + 1 :]
    return rows


def run_scale(origin: EvolutionOrigin, run: int) -> str:
    """Return a run's scale, and the paper's where it has one, as a line of a subtitle."""
    return (
        f"{dataset_name(origin.dataset)}, {method_name(origin.method)}, {origin.batch:,} children "
        f"\N{MULTIPLICATION SIGN} {counted(origin.generations, 'generation')}, run {run} "
        f"against {origin.network}{paper_scale(origin.dataset, origin.method)}"
    )


def _heading(lineage: Lineage, champion: Champion, shown: np.ndarray) -> tuple[str, ...]:
    origin = lineage.origin
    scale = run_scale(origin, lineage.run)
    rule = f"chosen: of the {CANDIDATES} most confident images the one whose ancestors held the most classes"
    hidden = len(champion.rows) - len(shown)
    if hidden:
        rule += f"; the first {counted(hidden, 'ancestor')} are left out"
    reading = (
        "ancestors stand where they were born, with their image where it is stored; orange: a goal switch, "
        "dotted if the parent held both classes"
    )
    name = shortened(class_title(origin, champion.cell), _LONGEST_TITLE)
    return f"Where the image for \u201c{name}\u201d comes from", scale, rule, reading


@dataclass(frozen=True)
class _Chart:
    """A row for each class and an axis of generations, in inches on the page.

    Attributes:
        axes: of the page.
        lineage: of the run.
        tops: upper end of each class's row.
        first: the first generation that is drawn.
    """

    axes: Axes
    lineage: Lineage
    tops: Mapping[int, float]
    first: int

    @property
    def last(self) -> int:
        return int(self.lineage.origin.generations)

    def place(self, generation: int) -> float:
        """Return where a generation lies: on a square-root scale, as most elites change hands early."""
        width = PAGE_WIDTH - _NAMES - _RIGHT - _SIDE
        return _NAMES + _SIDE / 2 + width * ((generation - self.first) / max(self.last - self.first, 1)) ** 0.5

    def born(self, row: int) -> float:
        return self.place(int(self.lineage.generation[row]))

    def middle(self, row: int) -> float:
        return self.tops[int(self.lineage.cell[row])] + _SIDE / 2

    def draw_classes(self, champion: int) -> None:
        for cell, top in self.tops.items():
            middle = top + _SIDE / 2
            name = class_title(self.lineage.origin, cell)
            name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}\N{HORIZONTAL ELLIPSIS}"
            weight = "bold" if cell == champion else "normal"
            self.axes.text(_NAMES - 0.08, middle, name, size=LABEL_SIZE, weight=weight, ha="right", va="center")
            self.axes.plot((_NAMES, PAGE_WIDTH - _RIGHT), (middle, middle), **_GRID)

    def draw_generations(self, top: float, bottom: float) -> None:
        for generation in self._ticks():
            place = self.place(generation)
            self.axes.plot((place, place), (top - 0.06, bottom), **_GRID)
            self.axes.text(place, bottom + 0.05, f"{generation:,}", size=SMALL_SIZE, ha="center", va="top")
        middle = (self.place(self.first) + self.place(self.last)) / 2
        label = "generation in which the ancestor was born (square-root scale)"
        height = bottom + 0.08 + line_height(SMALL_SIZE)
        self.axes.text(middle, height, label, size=LABEL_SIZE, ha="center", va="top")

    def _ticks(self) -> list[int]:
        """Return generations evenly spaced to the eye, those between the first and the last at round numbers."""
        between = (self.first + (self.last - self.first) * (part / 5) ** 2 for part in range(1, 5))
        rounded = (int(float(f"{value:.1g}" if value < 100 else f"{value:.2g}")) for value in between)
        return [self.first, *sorted({value for value in rounded if self.first < value < self.last}), self.last]

    def draw_path(self, shown: np.ndarray) -> None:
        """Draw how long each ancestor waited to be a parent, and where its child took another class."""
        for parent, child in itertools.pairwise(shown.tolist()):
            begin, end = self.born(parent), self.born(child)
            self.axes.plot((begin, end), [self.middle(parent)] * 2, color=QUIET, linewidth=1.0, zorder=2)
            if self.lineage.switched[child]:
                dashes = "-" if self.lineage.conquered[child] else (0, (1, 1))
                look: dict[str, Any] = {"color": METHOD_COLOURS["cppn"], "linewidth": 1.3, "linestyle": dashes}
                self.axes.plot((end, end), (self.middle(parent), self.middle(child)), zorder=3, **look)

    def draw_ancestors(self, shown: np.ndarray, pixels: np.ndarray, images: Mapping[int, int]) -> None:
        """Draw images from the last ancestor back, and a dot for each whose image is unknown or would hide another."""
        leftmost: dict[float, float] = {}
        for row in shown[::-1].tolist():
            place, middle, individual = self.born(row), self.middle(row), int(self.lineage.individual[row])
            left = place - _SIDE / 2
            if individual in images and left + _SIDE <= leftmost.get(middle, np.inf) - 0.03:
                leftmost[middle] = left
                image = pixels[images[individual]]
                draw_picture(self.axes, image, left, middle - _SIDE / 2, _SIDE, edge=INK, width=0.5)
            else:
                self.axes.plot(place, middle, "o", color=INK, markersize=3, zorder=4)


def _draw_final(axes: Axes, lineage: Lineage, final: FoolingSet, champion: Champion, top: float) -> None:
    left = PAGE_WIDTH - _FINAL - MARGIN
    place = int(np.flatnonzero(final.target == champion.cell)[0])
    draw_picture(axes, final.images[place], left, top, _FINAL, edge=INK, width=0.8)
    switches = int(lineage.switched[champion.rows].sum())
    lines = [
        class_title(lineage.origin, champion.cell),
        format_confidence(float(final.confidence[place])),
        f"ancestors: {len(champion.rows) - 1:,}",
        f"classes on the way: {len(np.unique(lineage.cell[champion.rows])):,}",
        f"goal switches: {switches:,}",
    ]
    for number, line in enumerate(lines):
        height = top + _FINAL + 0.05 + number * line_height(LABEL_SIZE)
        weight = "normal" if number else "bold"
        axes.text(left, height, line, size=LABEL_SIZE, weight=weight, color=INK if number < 2 else QUIET, va="top")


def main() -> None:
    """Parse the command line, draw, save."""
    parser = drawing_parser(main)
    parser.add_argument("--elites", type=Path, required=True, help="the run's elites (.npz)")
    parser.add_argument("--fooling-set", type=Path, required=True, help="the run's fooling set (.npz)")
    with recorded(parser) as arguments:
        figure = draw_ancestry(load_lineage(arguments.elites), load_fooling_set(arguments.fooling_set))
        save_figure(figure, arguments.output)


if __name__ == "__main__":
    run_step(main)
