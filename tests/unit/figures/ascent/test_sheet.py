import numpy as np
import pytest

from fooling.errors import FoolingError
from fooling.figures.ascent.sheet import draw_ascent_sheet
from fooling.figures.parts.style import save_figure
from fooling.results.paper_values import Published


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
    with pytest.raises(FoolingError, match=r"of evolution \(cppn\) is given where one of gradient ascent"):
        draw_ascent_sheet([make_fooling_set()])


def test_panels_must_have_the_same_classes(make_fooling_set):
    one = make_fooling_set(method="ascent", set="169")
    other = make_fooling_set(method="ascent", set="188", classes=(0, 1))
    with pytest.raises(FoolingError, match="same classes"):
        draw_ascent_sheet([one, other])


IMAGENET = {"method": "ascent", "set": "169", "dataset": "imagenet", "network": "lite0", "mean": [127.0] * 3}


def test_imagenet_classes_are_named_and_the_papers_numbers_told(make_fooling_set):
    fooling_set = make_fooling_set(classes=(207, 805), side=64, channels=3, confidence=[0.250035, 0.500035], **IMAGENET)
    figure = draw_ascent_sheet([fooling_set], paper={"mean_confidence": Published(98.591, "R", "CaffeNet")})
    heading = " ".join(text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in figure.texts)
    assert "Mean confidence 37.503\u2009% (the paper: 98.591\u2009%)" in heading
    assert "207 golden retriever, 805 soccer ball" in heading
    assert "The paper: 20 classes \N{MULTIPLICATION SIGN} 5 starts" in heading


def test_mean_subtracted_images_are_drawn_and_the_factor_said(make_fooling_set):
    fooling_set = make_fooling_set(classes=(207, 805), side=64, channels=3, **IMAGENET)
    fooling_set.images[:] = 127 + (fooling_set.images % 3)
    figure = draw_ascent_sheet([fooling_set], mean_subtracted=True)
    assert any("63 times as strong" in text.get_text() for text in figure.texts)
    assert sorted(np.unique(figure.axes[0].images[0].get_array())) == [128, 191, 254]


def test_the_papers_sheet_is_a_small_file(make_fooling_set, tmp_path):
    sets = [make_fooling_set(classes=range(20), run=run, side=224, channels=3, **IMAGENET) for run in range(5)]
    paths = [tmp_path / "sheet.png", tmp_path / "sheet.svg"]
    save_figure(draw_ascent_sheet(sets, mean_subtracted=True), paths)
    assert paths[0].stat().st_size < 1_500_000
    assert paths[1].stat().st_size < 3_000_000
