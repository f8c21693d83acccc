import numpy as np
import pytest

from fooling.artifacts.fooling_set import COLUMNS, FoolingSet
from fooling.errors import FoolingError
from fooling.figures.evolution.elite_grid import draw_elite_grid
from fooling.figures.parts.style import save_figure


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]


def joined(*sets):
    columns = {name: np.concatenate([getattr(part, name) for part in sets]) for name in COLUMNS}
    return FoolingSet(**columns, origin=sets[0].origin, provenance={})


def test_rows_are_runs_and_columns_are_classes(make_fooling_set):
    sets = [make_fooling_set(run=run, classes=(2, 0, 1)) for run in (3, 1)]
    figure = draw_elite_grid(sets)
    drawn = [image.get_array()[..., 0] for image in figure.axes[0].images]
    expected = [fooling_set.images[row, 0] for fooling_set in sets for row in (1, 2, 0)]
    assert all(np.array_equal(one, other) for one, other in zip(drawn, expected, strict=True))
    assert [text for text in texts(figure) if text.startswith("run ")] == ["run 3", "run 1"]


def test_only_the_last_generation_is_drawn(make_fooling_set):
    early, late = make_fooling_set(generation=5), make_fooling_set(generation=20)
    figure = draw_elite_grid([joined(early, late)])
    drawn = [image.get_array()[..., 0] for image in figure.axes[0].images]
    assert all(np.array_equal(one, other[0]) for one, other in zip(drawn, late.images, strict=True))


def test_a_set_of_two_runs_gives_two_rows(make_fooling_set):
    figure = draw_elite_grid([joined(make_fooling_set(run=0), make_fooling_set(run=7))])
    assert {"run 0", "run 7"} <= set(texts(figure))


def test_rows_are_told_apart_by_what_differs(make_fooling_set):
    direct, cppn = (make_fooling_set(run=0, method=method) for method in ("direct", "cppn"))
    figure = draw_elite_grid([direct, cppn])
    assert {"direct, run 0", "cppn, run 0"} <= set(texts(figure))
    assert not any("exact" in text for text in texts(figure))
    exact = draw_elite_grid([make_fooling_set(fitness="log")])
    assert any("fitness: exact log-confidence" in text for text in texts(exact))


def test_confidences_and_their_median_are_told(make_fooling_set):
    figure = draw_elite_grid([make_fooling_set(confidence=[0.50315, 0.75315555, 0.99999])])
    assert {"50.31\N{THIN SPACE}%", "75.31\N{THIN SPACE}%", ">99.99\N{THIN SPACE}%"} <= set(texts(figure))
    assert "75.3155\N{THIN SPACE}%" in texts(figure)
    assert any("1 of 3 images reach" in text and "orange" in text for text in texts(figure))
    assert any(
        "1 independent run of 20 generations \N{MULTIPLICATION SIGN} 10 children" in text for text in texts(figure)
    )


def test_many_rows_are_drawn_in_two_panels_without_captions(make_fooling_set):
    figure = draw_elite_grid([make_fooling_set(run=run) for run in range(13)])
    labels = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    assert labels["run 0"][0] == labels["run 6"][0] < labels["run 7"][0] == labels["run 12"][0]
    assert labels["run 0"][1] == labels["run 7"][1]
    assert len(figure.axes[0].images) == 39
    assert ">99.99\N{THIN SPACE}%" not in labels
    assert max(figure.get_size_inches()) < 9


def test_rows_may_be_labelled(make_fooling_set):
    sets = [make_fooling_set(run=0), make_fooling_set(run=0)]
    assert {"DNN1", "DNN2"} <= set(texts(draw_elite_grid(sets, ["DNN1", "DNN2"])))
    with pytest.raises(FoolingError, match="1 row label for 2 rows"):
        draw_elite_grid(sets, ["DNN1"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"classes": (0, 1, 3)}, "same classes, but 0, 1, 2 and 0, 1, 3"),
        ({"classes": (0, 0, 1)}, "two final images of one class"),
        ({"side": 32}, "one size"),
        ({"channels": 3}, "one size"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(make_fooling_set, change, sentence):
    with pytest.raises(FoolingError, match=sentence):
        draw_elite_grid([make_fooling_set(), make_fooling_set(run=1, **change)])


def test_empty_sets_are_refused(make_fooling_set):
    with pytest.raises(FoolingError, match="holds no image"):
        draw_elite_grid([make_fooling_set(classes=())])


def test_images_of_ascent_are_refused(make_fooling_set):
    with pytest.raises(FoolingError, match="of gradient ascent is given where one of evolution is needed"):
        draw_elite_grid([make_fooling_set(method="ascent")])


def test_the_same_sets_give_the_same_bytes(make_fooling_set, tmp_path):
    sets = [make_fooling_set(run=run) for run in range(2)]
    for folder in ("one", "other"):
        save_figure(draw_elite_grid(sets), [tmp_path / folder / f"grid{suffix}" for suffix in (".png", ".svg", ".pdf")])
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
