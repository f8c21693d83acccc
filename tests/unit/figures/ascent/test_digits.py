import dataclasses

import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.figures.ascent.digits import draw_ascent_classes
from fooling.figures.parts.style import save_figure

ORIGIN = {"method": "ascent", "set": "minus_1", "dataset": "imagenet", "network": "lite0", "mean": [127.0] * 3}


def texts(figure):
    return [text.get_text() for text in [*figure.axes[0].texts, *figure.texts]]


def test_names_and_confidences_stand_beneath(make_fooling_set):
    confidence = [0.99995, 0.25055, 0.9999]
    figure = draw_ascent_classes(
        make_fooling_set(classes=(207, 643, 805), confidence=confidence, side=224, channels=3, generation=149, **ORIGIN)
    )
    drawn = texts(figure)
    assert {"golden retriever", "mask", "soccer ball", ">99.99\u2009%", "25.05\u2009%"} <= set(drawn)
    assert "lite0, 3 classes \N{MULTIPLICATION SIGN} 1 start, at most 150 iterations" in drawn
    assert any("The paper: 20 classes" in text for text in drawn)
    assert len(figure.axes[0].images) == 3


def test_the_first_start_is_drawn(make_fooling_set):
    first, second = (make_fooling_set(classes=(1, 0), run=run, side=20, channels=3, **ORIGIN) for run in (3, 8))
    columns = ("images", "target", "log_confidence", "generation", "born", "run")
    both = {name: np.concatenate([getattr(second, name), getattr(first, name)]) for name in columns}
    alone, of_two = (draw_ascent_classes(one) for one in (first, dataclasses.replace(first, **both)))
    for one, other in zip(alone.axes[0].images, of_two.axes[0].images, strict=True):
        np.testing.assert_array_equal(one.get_array(), other.get_array())


def test_a_full_figure_is_a_small_file(make_fooling_set, tmp_path):
    paths = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    figure = draw_ascent_classes(make_fooling_set(classes=range(20), side=224, channels=3, **ORIGIN))
    save_figure(figure, paths)
    assert paths[0].stat().st_size < 1_500_000
    assert paths[1].stat().st_size < 3_000_000


def test_evolved_images_are_refused(make_fooling_set):
    with pytest.raises(FoolingError, match=r"of evolution \(cppn\) is given where one of gradient ascent"):
        draw_ascent_classes(make_fooling_set())
