"""Names of classes in everything that is drawn and written."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import parse_origin
from fooling.figures.ascent.digits import draw_ascent_classes
from fooling.figures.evolution.elite_grid import draw_elite_grid
from fooling.figures.parts.style import save_figure

NAMES: dict[str, str] = {
    "two dollars": "from $1 to $x^2",
    "a formula that TeX refuses": r"$\frac{$",
    "a backslash before a dollar": r"cost \$5",
    "a backslash": r"C:\new\table",
    "HTML": "<script>alert(1)</script> & <b>",
    "braces and per cent": "{0} %s %(name)s {name!r}",
    "a line break": "two\nlines",
    "a tab": "two\tparts",
    "80 letters": "Rindfleischetikettierungs" * 3 + "gesetz",
    "80 letters in words": "a very long name " * 5,
    "right to left": "\u05e9\u05dc\u05d5\u05dd",
    "Arabic": "\u0642\u0637\u0629",
    "Chinese": "\u8001\u864e",
    "an emoji": "\U0001f339 rose",
    "a mark of direction": "a\u202eb",
    "a control character": "a\x07b",
    "Markdown": "*_`[x](y)|#",
    "a single underscore": "_hidden",
}
SOURCE = {"network": "own", "dataset": "flowers", "classes": 2}
EVOLUTION = {"method": "cppn", "round": 1, "fitness": "float32", "generations": 20, "batch": 10}
ASCENT = {"method": "ascent", "set": "minus_1", "rule": "progress", "mean": [33.0], "milestones": []}


def fooling_set(name: str, scale: dict[str, object]) -> FoolingSet:
    """Two images of a network whose second class has this name."""
    return FoolingSet(
        images=np.random.default_rng(0).integers(0, 256, (2, 1, 28, 28)).astype(np.uint8),
        target=np.array([0, 1]),
        log_confidence=np.full(2, -0.01, np.float32),
        generation=np.full(2, 20),
        born=np.full(2, 20),
        run=np.zeros(2, np.int64),
        origin=parse_origin({**SOURCE, **scale, "labels": ["rose", name]}, "A case"),
        provenance={},
    )


class Told(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def see(name: str, folder: Path) -> str:
    told = Told()
    logging.getLogger("fooling").addHandler(told)
    try:
        grid = draw_elite_grid([fooling_set(name, EVOLUTION)])
        save_figure(grid, [folder / "grid.png", folder / "grid.svg"])
        save_figure(draw_ascent_classes(fooling_set(name, ASCENT)), [folder / "classes.pdf"])
    finally:
        logging.getLogger("fooling").removeHandler(told)
    written = [text.get_text() for text in grid.axes[0].texts]
    heading = written[written.index("rose") + 1]
    return f"drawn: {heading!r}" + (f"; told: {told.lines[0]}" if told.lines else "")


CASES: dict[str, Callable[[Path], str]] = {
    f"a class named by {kind}": partial(see, name) for kind, name in NAMES.items()
}
