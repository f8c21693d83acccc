import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from fooling.errors import FoolingError
from fooling.figures.parts.style import save_figure, style
from fooling.results.wording import format_confidence, format_share, method_name

probabilities = st.one_of(
    st.floats(0, 1),
    st.floats(-16, 0).map(lambda power: 1 - 10**power),
    st.floats(-16, 0).map(lambda power: 10**power),
)


def number(text):
    return float(text.strip("<>\N{THIN SPACE}%"))


def rank(text):
    """Order printed confidences as a reader would: <0.01 before 0.01, and >99.99 after 99.99."""
    return number(text), {"<": -1, ">": 1}.get(text[0], 0)


@pytest.mark.parametrize(
    ("confidence", "text"),
    [
        (0.0, "<0.01"),
        (0.00009, "<0.01"),
        (0.0001, "0.01"),
        (0.29, "29.00"),
        (0.12345, "12.34"),
        (0.99989999, "99.98"),
        (0.9999, "99.99"),
        (0.99990001, ">99.99"),
        (1 - 1e-16, ">99.99"),
        (1.0, ">99.99"),
    ],
)
def test_confidences_are_printed_as_they_are(confidence, text):
    assert format_confidence(confidence) == f"{text}\N{THIN SPACE}%"


def test_more_decimals_tell_confidences_near_one_apart():
    assert format_confidence(0.9999956, decimals=4) == "99.9995\N{THIN SPACE}%"
    assert format_confidence(0.9999995, decimals=4) == ">99.9999\N{THIN SPACE}%"


@given(probabilities, st.sampled_from([2, 4]))
def test_a_printed_confidence_never_exceeds_the_true_one(confidence, decimals):
    text = format_confidence(confidence, decimals)
    assert number(text) < 100
    if text[0] == "<":
        assert confidence < 10.0 ** -(decimals + 2)
    else:
        assert number(text) / 100 <= confidence + 1e-12
        assert confidence < number(text) / 100 + 10.0 ** -(decimals + 2) + 1e-12


@given(probabilities, probabilities)
def test_printed_confidences_keep_their_order(one, other):
    lower, higher = sorted((one, other))
    assert rank(format_confidence(lower)) <= rank(format_confidence(higher))


@given(st.integers(1, 5000), st.data())
def test_only_all_and_none_are_printed_as_100_and_0(images, data):
    share = data.draw(st.integers(0, images)) / images
    assert (format_share(share) == "100") == (share == 1)
    assert (format_share(share) == "0") == (share == 0)


def test_methods_have_names():
    assert method_name("cppn") == "CPPN encoding"
    assert method_name("ascent", "minus_1") == "gradient ascent, set \N{MINUS SIGN}1"
    assert method_name("annealing") == "annealing"


def test_equal_figures_give_equal_bytes(tmp_path):
    for name in ("one", "other"):
        with style():
            figure = Figure(figsize=(2, 2))
            axes = figure.add_subplot(title="title")
            axes.plot([0, 1], [0, 1], clip_on=True)
            axes.imshow([[0, 1], [1, 0]])
        save_figure(figure, [tmp_path / f"{name}{suffix}" for suffix in (".png", ".svg", ".pdf")])
    for suffix in (".png", ".svg", ".pdf"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"other{suffix}").read_bytes()


def test_an_unknown_format_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(FoolingError, match=r"picture\.gif: a figure's name must end in \.png, \.svg, \.pdf"):
        save_figure(Figure(), [tmp_path / "picture.png", tmp_path / "picture.gif"])
    assert not list(tmp_path.iterdir())


def test_the_style_does_not_leak():
    before = dict(mpl.rcParams)
    with style():
        assert mpl.rcParams["svg.hashsalt"] == "fooling"
    assert dict(mpl.rcParams) == before
