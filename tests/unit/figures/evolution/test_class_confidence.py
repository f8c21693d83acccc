import numpy as np
import pytest

from fooling.figures.evolution.class_confidence import draw_class_confidence
from fooling.figures.parts.style import save_figure
from fooling.results.class_runs import gather_class_runs
from fooling.results.natural_scores import NaturalScores
from fooling.results.paper_values import Published

PAPER = {"median_confidence": Published(88.11, "V", "5 runs"), "classes_at_99": Published(45, "V", "5 runs")}
CLASSES = (0, 1, 151, 281, 900)
CONFIDENCES = ([0.1, 0.99505, 0.2, 0.3, 0.6], [0.3, 0.99105, 0.4, 0.1, 0.4], [0.201, 0.2, 0.1, 0.2, 0.51])


@pytest.fixture
def runs(make_fooling_set):
    sets = [
        make_fooling_set(classes=CLASSES, confidence=confidence, run=run, dataset="imagenet")
        for run, confidence in enumerate(CONFIDENCES)
    ]
    return gather_class_runs(sets)[0]


def points(axes):
    """Return the drawn points as {x: y}."""
    drawn = [line for line in axes.lines if line.get_linestyle() == "None"]
    return {float(x): float(y) for line in drawn for x, y in zip(*line.get_data(), strict=True)}


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_points_are_medians_by_rank_and_by_class(runs):
    by_rank, by_class, _ = draw_class_confidence(runs, PAPER).axes
    assert points(by_class) == pytest.approx({0: 0.201, 1: 0.99105, 151: 0.2, 281: 0.2, 900: 0.51}, rel=1e-6)
    assert [points(by_rank)[rank] for rank in (1, 2, 3, 4, 5)] == pytest.approx(
        [0.99105, 0.51, 0.201, 0.2, 0.2], rel=1e-6
    )


def test_ranges_are_those_of_the_runs(runs):
    by_class = draw_class_confidence(runs, PAPER).axes[1]
    ranges = {}
    for collection in by_class.collections:
        for (x, low), (_, high) in collection.get_segments():
            ranges[float(x)] = (float(low), float(high))
    assert ranges[281] == pytest.approx((0.1, 0.3), rel=1e-6)
    assert ranges[1] == pytest.approx((0.2, 0.99505), rel=1e-6)
    assert len(ranges) == 5


def test_dogs_and_cats_are_marked(runs):
    by_class = draw_class_confidence(runs, PAPER).axes[1]
    marked = {line.get_marker(): line.get_xdata().tolist() for line in by_class.lines if line.get_linestyle() == "None"}
    assert marked == {"o": [0, 1, 900], "^": [151], "D": [281]}


def test_numbers_stand_beside_the_papers(runs):
    natural = NaturalScores("lenet-1", "photograph", np.array([0.9, 0.7, 0.2]), np.array([True, True, False]))
    figure = draw_class_confidence(runs, PAPER, natural)
    told = texts(figure)
    assert told[told.index("median") :][:3] == ["median", "20.10\u2009%", "88.11\u2009%"]
    assert told[told.index("highest") :][:2] == ["highest", "99.10\u2009%"]
    assert told[told.index("in one run") :][:2] == ["in one run", "99.50\u2009%"]
    assert told[told.index("50\u2009%") :][:2] == ["50\u2009%", "2 (40.0\u2009%)"]
    assert told[told.index("99\u2009%") :][:3] == ["99\u2009%", "1 (20.0\u2009%)", "45"]
    assert "2 dogs, cats" in told
    assert told[told.index("3 photographs") :][:5][-1] == "70.00\u2009%"
    lines = {line.get_ydata()[0] for line in figure.axes[0].lines if len(line.get_xdata()) == 2}
    assert {0.8811, 0.7} <= lines
    subtitle = figure.texts[1].get_text()
    assert subtitle == "3 runs of 20 generations \N{MULTIPLICATION SIGN} 10 children against lenet-1; the paper: 5 runs"


def test_one_run_has_no_range_and_certainty_has_a_place(make_fooling_set, tmp_path):
    (runs,) = gather_class_runs([make_fooling_set(confidence=[1.0, 1e-12, 0.5])])
    figure = draw_class_confidence(runs, {})
    assert not figure.axes[0].collections
    save_figure(figure, [tmp_path / "figure.png"])
    low, high = figure.axes[1].get_ylim()
    assert 0 < low < min(points(figure.axes[1]).values())
    assert max(points(figure.axes[1]).values()) < high < 1
