import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.figures.transfer.fooled_by_both import best_of_both, draw_fooled_by_both, read_scores

NETWORKS = ("lenet-1", "lenet-2")


def scores_of(fooling_sets, confidences):
    """Return scores; `confidences` gives for each set a list of pairs, one for each image."""
    rows = []
    for position, (fooling_set, pairs) in enumerate(zip(fooling_sets, confidences, strict=True)):
        for image, pair in enumerate(pairs):
            for network, confidence in zip(NETWORKS, pair, strict=True):
                rows.append(
                    {
                        "fooling_set": position,
                        "image": image,
                        "method": fooling_set.origin.method,
                        "set": fooling_set.origin.ascent_set,
                        "source_network": fooling_set.origin.network,
                        "target": fooling_set.target[image],
                        "network": network,
                        "confidence": confidence,
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture
def two_runs(make_fooling_set):
    """Two CPPN runs against lenet-1: of class 0 the second is the better, of class 1 the first, neither of class 2."""
    sets = [make_fooling_set(run=0), make_fooling_set(run=1)]
    first = [(0.99999, 0.2), (0.99995, 0.99999), (0.99999, 0.5)]
    second = [(0.9999, 0.99991), (0.99999, 0.99), (0.99999, 0.6)]
    return sets, scores_of(sets, [first, second])


def test_the_image_with_the_highest_lower_confidence_is_chosen(two_runs):
    _, scores = two_runs
    best = best_of_both(scores, NETWORKS).sort_values("target")
    assert list(best["fooling_set"]) == [1, 0, 1]
    assert list(best["both"]) == [0.9999, 0.99995, 0.6]
    assert set(best["images"]) == {6}
    assert set(best["fooled"]) == {2}


def test_the_chosen_images_are_drawn_with_both_confidences(two_runs):
    sets, scores = two_runs
    figure = draw_fooled_by_both(scores, sets, NETWORKS)
    drawn = [image.get_array()[..., 0] for image in figure.axes[0].images]
    expected = [sets[1].images[0, 0], sets[0].images[1, 0], sets[1].images[2, 0]]
    assert all(np.array_equal(one, other) for one, other in zip(drawn, expected, strict=True))
    texts = [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]
    assert "60.00\N{THIN SPACE}%" in texts
    assert "2 of 6" in texts
    assert any("2 of these 3 reach" in text and "the others in orange" in text for text in texts)


def test_of_many_classes_the_best_are_drawn(make_fooling_set):
    fooling_set = make_fooling_set(classes=range(30))
    lower = np.linspace(0.5, 0.6, 30)
    figure = draw_fooled_by_both(
        scores_of([fooling_set], [[(0.99999, value) for value in lower]]), [fooling_set], NETWORKS
    )
    drawn = [image.get_array()[..., 0] for image in figure.axes[0].images]
    assert all(np.array_equal(one, other[0]) for one, other in zip(drawn, fooling_set.images[20:], strict=True))
    texts = [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]
    assert "0 of 30" in texts
    assert any("each of the 10 best classes" in text and "0 of these 10" in text for text in texts)


def test_methods_and_sources_have_their_own_rows(make_fooling_set):
    sets = [
        make_fooling_set(),
        make_fooling_set(network="lenet-2"),
        make_fooling_set(network="lenet-3"),
        make_fooling_set(method="ascent", set="169", classes=(1,)),
    ]
    scores = scores_of(sets, [[(0.99999, 0.99999)] * len(part) for part in sets])
    figure = draw_fooled_by_both(scores, sets, NETWORKS)
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"CPPN encoding\nagainst lenet-1", "CPPN encoding\nagainst lenet-2", "set 169\nagainst lenet-1"} <= texts
    assert not any("lenet-3" in text for text in texts)
    assert len(figure.axes[0].images) == 3 + 3 + 1


def test_scores_of_other_sets_are_refused(two_runs, make_fooling_set):
    sets, scores = two_runs
    others = [
        sets[:1],
        [sets[0], make_fooling_set(run=1, classes=(0, 1))],
        [sets[0], make_fooling_set(run=1, classes=(0, 2, 1))],
        [sets[0], make_fooling_set(run=1, network="lenet-2")],
    ]
    for other in others:
        with pytest.raises(FoolingError, match="made from other fooling sets"):
            draw_fooled_by_both(scores, other, NETWORKS)


@pytest.mark.parametrize(
    ("networks", "sentence"),
    [
        (("lenet-1", "lenet-1"), "two different networks"),
        (("lenet-1", "lenet-9"), "know no network lenet-9; they have lenet-1, lenet-2"),
    ],
)
def test_unknown_networks_are_refused(two_runs, networks, sentence):
    with pytest.raises(FoolingError, match=sentence):
        best_of_both(two_runs[1], networks)


def test_images_made_against_others_do_not_count(make_fooling_set):
    sets = [make_fooling_set(network="lenet-3")]
    with pytest.raises(FoolingError, match="No image of these scores was made against lenet-1 or lenet-2"):
        best_of_both(scores_of(sets, [[(1, 1)] * 3]), NETWORKS)


def test_scores_are_read_exactly_and_doubles_refused(two_runs, tmp_path):
    _, scores = two_runs
    path = tmp_path / "scores.csv"
    scores.to_csv(path, index=False)
    assert list(read_scores(path)["confidence"]) == list(scores["confidence"])
    pd.concat([scores, scores[:1]]).to_csv(path, index=False)
    with pytest.raises(FoolingError, match="scores an image twice"):
        read_scores(path)
