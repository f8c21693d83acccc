import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.figures.ascent_sheet import draw_ascent_sheet


def test_each_named_set_is_a_panel(make_fooling_set):
    sets = [
        make_fooling_set(method="ascent", set=name, generation=steps) for name, steps in (("minus_1", 40), ("169", 90))
    ]
    figure = draw_ascent_sheet(sets)
    drawn = [image.get_array()[..., 0] for image in figure.axes[0].images]
    expected = [image[0] for fooling_set in sets for image in fooling_set.images]
    assert all(np.array_equal(one, other) for one, other in zip(drawn, expected, strict=True))
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"set \N{MINUS SIGN}1 against lenet-1", "set 169 against lenet-1", "start 0", "40", "90"} <= texts


def test_evolved_images_are_refused(make_fooling_set):
    with pytest.raises(FoolingError, match=r"\(method: cppn\) does not say its set"):
        draw_ascent_sheet([make_fooling_set()])


def test_panels_must_have_the_same_classes(make_fooling_set):
    one = make_fooling_set(method="ascent", set="169")
    other = make_fooling_set(method="ascent", set="188", classes=(0, 1))
    with pytest.raises(FoolingError, match="same classes"):
        draw_ascent_sheet([one, other])
