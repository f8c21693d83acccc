"""Whatever a class is called is drawn letter by letter, and what no font has is told once."""

import logging
from pathlib import Path

import pytest
from cases.names import ASCENT, EVOLUTION, NAMES, fooling_set
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from fooling.figures.ascent.digits import draw_ascent_classes
from fooling.figures.evolution.elite_grid import draw_elite_grid
from fooling.figures.parts import glyphs
from fooling.figures.parts.names import one_line, shortened
from fooling.figures.parts.style import save_figure, style, write_powers


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_drawn_as_it_is(name: str, tmp_path: Path) -> None:
    grid = draw_elite_grid([fooling_set(name, EVOLUTION)])
    save_figure(grid, [tmp_path / "grid.png", tmp_path / "grid.svg", tmp_path / "grid.pdf"])
    drawn = [text for text in grid.findobj(Text) if text.get_text() == shortened(name, 32)]
    assert len(drawn) == 1
    assert not drawn[0].get_parse_math()
    save_figure(draw_ascent_classes(fooling_set(name, ASCENT)), [tmp_path / "classes.png"])


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("two\nlines", "two lines"),
        (" a\t\tb ", "a b"),
        ("a\x07b", "a\N{REPLACEMENT CHARACTER}b"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        (r"$x^2$ {0} %s \n", r"$x^2$ {0} %s \n"),
    ],
)
def test_a_text_has_one_line(text: str, drawn: str) -> None:
    assert one_line(text) == drawn


def test_a_long_name_keeps_its_beginning() -> None:
    assert shortened("golden retriever", 16) == "golden retriever"
    assert shortened("golden retriever", 12) == "golden…"
    assert shortened("a" * 80, 10) == "a" * 9 + "…"


def test_a_letter_that_the_font_lacks_comes_from_another_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    script_g = "\N{SCRIPT SMALL G}"  # in STIX, which matplotlib brings, and not in DejaVu Sans
    with style():
        figure = Figure(figsize=(2, 2))
        strange, ordinary = figure.text(0.1, 0.5, f"a {script_g}"), figure.text(0.1, 0.2, "plain")
    save_figure(figure, [tmp_path / "figure.png", tmp_path / "figure.svg"])
    own, further = strange.get_fontfamily()
    assert own == "DejaVu Sans"
    assert ord(script_g) in glyphs._letters_of(further)
    assert ordinary.get_fontfamily() == ["DejaVu Sans"]
    assert not caplog.records


def test_letters_that_no_font_has_are_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(glyphs, "further_fonts", lambda _: [])
    with style():
        figure = Figure(figsize=(2, 2))
        for name in ("\u8001\u864e", "\u864e"):
            figure.text(0.1, 0.5, name)
    with caplog.at_level(logging.WARNING):
        save_figure(figure, [tmp_path / "figure.png", tmp_path / "figure.svg"])
    (told,) = [record.getMessage() for record in caplog.records]
    assert "No installed font has \u8001 (CJK UNIFIED IDEOGRAPH-8001), \u864e (CJK" in told
    assert not recwarn.list


def test_powers_at_a_logarithmic_axis_stay_formulas() -> None:
    with style():
        figure = Figure()
        axes = figure.add_subplot(yscale="log", ylim=(1, 1e6))
        write_powers(axes.yaxis)
        FigureCanvasAgg(figure).draw()
    assert all(label.get_parse_math() for label in axes.get_yticklabels())
    assert not axes.xaxis.label.get_parse_math()
