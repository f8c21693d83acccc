import numpy as np
import pytest

from fooling.data.imagenet.classes import imagenet_classes
from fooling.errors import FoolingError
from fooling.figures.evolution.examples import draw_examples
from fooling.results.examples import CLASSES, gather_examples
from fooling.results.paper_values import Published
from fooling.tables.examples import examples_table

PAPER = {"lowest_confidence": Published(99.6, "V", "long runs")}
NUMBERS = {kind.name: kind.number for kind in imagenet_classes()}


def numbers(method):
    return tuple(NUMBERS[name] for name in CLASSES[method])


@pytest.fixture
def make(make_fooling_set):
    """Return a factory of sets of ImageNet with the paper's classes and one more."""

    def make_imagenet(method="cppn", **options):
        classes = options.pop("classes", (*numbers(method), 0))
        return make_fooling_set(classes=classes, method=method, dataset="imagenet", channels=3, **options)

    return make_imagenet


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *(text for axes in figure.axes for text in axes.texts))]


def test_the_paper_shows_eight_classes_of_each_encoding():
    assert [len(set(names) & set(NUMBERS)) for names in CLASSES.values()] == [8, 8]


def test_the_most_confident_image_of_all_runs_is_taken(make):
    confidence = np.linspace(0.1, 0.9, 9)
    sets = [make(confidence=confidence), make(run=1, confidence=confidence[::-1]), make("direct")]
    best = gather_examples(iter(sets))["cppn"].best
    assert sorted(best) == sorted(numbers("cppn"))
    for place, target in enumerate(numbers("cppn")):
        better = sets[0] if confidence[place] >= confidence[::-1][place] else sets[1]
        np.testing.assert_array_equal(best[target].image, better.images[place])
        assert best[target].confidence == pytest.approx(max(confidence[place], confidence[::-1][place]))


def test_classes_stand_in_the_papers_order_with_their_confidences(make):
    confidence = [0.123, 0.9999, *[0.01] * 7]
    examples = gather_examples([make("direct", confidence=confidence), make()])
    table = examples_table(examples)
    assert table["class_name"].tolist() == [name for names in CLASSES.values() for name in names]
    assert table["encoding"].tolist() == ["direct"] * 8 + ["cppn"] * 8
    assert table["confidence"].min() == pytest.approx(0.01)
    shown = texts(draw_examples(examples, PAPER))
    places = [shown.index(name) for names in CLASSES.values() for name in names if name != "peacock"]
    assert places == sorted(places)
    assert shown[shown.index("robin") + 1].startswith(("12.29", "12.30"))
    assert any("which 9 of 16 reach" in text for text in shown)
    assert any(
        "10 children \N{MULTIPLICATION SIGN} 20 generations, 1 run against lenet-1; the paper" in t for t in shown
    )


def test_one_encoding_alone_and_missing_classes_are_drawn(make):
    shown = texts(draw_examples(gather_examples([make(classes=(NUMBERS["starfish"], 0))]), PAPER))
    assert "starfish" in shown
    assert any("which 1 of 1 reach" in text for text in shown)


def test_what_is_no_evolution_on_imagenet_is_told(make, make_fooling_set):
    for other in (make_fooling_set(), make_fooling_set(method="ascent", dataset="imagenet")):
        with pytest.raises(FoolingError, match="give fooling sets of evolution on ImageNet"):
            gather_examples([other])
    with pytest.raises(FoolingError, match="nothing to draw"):
        draw_examples(gather_examples([make(classes=(0, 1))]), PAPER)
    with pytest.raises(FoolingError, match="differ in encoding, network or scale"):
        draw_examples(gather_examples([make(), make(run=1, generations=30)]), PAPER)
