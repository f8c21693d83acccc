from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fooling.artifacts.bred import BredPictures, load_bred, save_bred
from fooling.errors import FoolingError
from fooling.figures.breeding.bred import draw_bred

COUNT = 8
BRED = BredPictures(
    images=np.random.default_rng(0).integers(0, 256, (COUNT, 3, 32, 32)).astype(np.uint8),
    labels=["a label that takes more than the two lines it is given", *["an owl"] * (COUNT - 1)],
    logs=["first"] * 3 + ["second"] * (COUNT - 3),
    generation=np.array([4, *range(2, COUNT + 1)]),
    populations=[20] * COUNT,
    genomes={
        "source": np.zeros((COUNT, 5), np.int16),
        "target": np.zeros((COUNT, 5), np.int16),
        "weight": np.zeros((COUNT, 5), np.float32),
        "function": np.zeros((COUNT, 7), np.int8),
    },
    classes=np.tile([3, 1, 2], (COUNT, 1)),
    confidence=np.tile([0.5, 0.25, 0.125], (COUNT, 1)),
    names=[["a class with a very long name", "owl", "b"]] * COUNT,
    network="lite0",
    provenance={},
)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]


def test_each_picture_has_its_label_and_three_classes() -> None:
    drawn = texts(draw_bred(BRED))
    assert drawn.count("an owl") == COUNT - 1
    assert [drawn.count(word) for word in ("owl", "50.0\u2009%", "25.0\u2009%", "12.5\u2009%")] == [COUNT] * 4
    assert any(text.startswith("a label that") and text.endswith("…") for text in drawn)
    assert any("8 in 2 sessions, after 2 to 8 generations of 20 pictures" in text for text in drawn)


def test_bars_are_as_long_as_the_confidence() -> None:
    bars = [patch for patch in draw_bred(BRED).axes[0].patches if isinstance(patch, Rectangle) and patch.get_fill()]
    frames = [
        patch for patch in draw_bred(BRED).axes[0].patches if isinstance(patch, Rectangle) and not patch.get_fill()
    ]
    shares = np.array([bar.get_width() for bar in bars]) / frames[0].get_width()
    assert shares.reshape(COUNT, 3) == pytest.approx(BRED.confidence)


def test_a_network_of_two_classes_has_two_bars() -> None:
    two = replace(BRED, classes=BRED.classes[:, :2], confidence=BRED.confidence[:, :2], names=[["a", "b"]] * COUNT)
    assert len(texts(draw_bred(two))) == len(texts(draw_bred(BRED))) - 2 * COUNT


def test_bred_pictures_are_read_as_they_were_written(tmp_path: Path) -> None:
    save_bred(tmp_path / "bred.npz", BRED)
    read = load_bred(tmp_path / "bred.npz")
    assert (read.images == BRED.images).all()
    assert (read.labels, read.names, read.logs) == (BRED.labels, BRED.names, BRED.logs)
    save_bred(tmp_path / "again.npz", read)
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "bred.npz").read_bytes()


def test_parts_that_do_not_fit_together_are_a_sentence(tmp_path: Path) -> None:
    save_bred(tmp_path / "bred.npz", replace(BRED, labels=BRED.labels[:3]))
    with pytest.raises(FoolingError, match="its parts do not fit together"):
        load_bred(tmp_path / "bred.npz")
