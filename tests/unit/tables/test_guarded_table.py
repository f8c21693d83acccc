import numpy as np
import pandas as pd
import pytest

from fooling.figures.experiments.guarded import COLOURS, draw_guarded
from fooling.results.guarded import GuardedRuns
from fooling.tables.guarded import guarded_html, guarded_table


def history(*medians: float) -> pd.DataFrame:
    generations = np.arange(len(medians))
    columns = {"generation": generations, "evaluations": (generations + 1) * 100, "median_confidence": medians}
    return pd.DataFrame(columns).assign(max_confidence=medians)


GROUPS = [
    GuardedRuns("none", "cppn", [history(0.6, 0.95, 0.999, 0.999), history(0.4, 0.6, 0.95, 0.95)]),
    GuardedRuns("knn", "cppn", [history(0, 0.4, 0.5, 0.95), history(0.1, 0.2, 0.3, 0.5)]),
    GuardedRuns("vim", "cppn", [history(0, 0, 0, 0), history(0, 0, 0, 0)]),
]


@pytest.fixture
def table() -> pd.DataFrame:
    return guarded_table(GROUPS).set_index("guard")


def test_costs_are_medians_over_the_runs(table):
    assert table["runs"].tolist() == [2, 2, 2]
    assert table["evaluations"].tolist() == [400, 400, 400]
    assert table["first_passing"].tolist()[:2] == [100, 150]
    # 300 and 400 evaluations, where 100 and 200 are enough without a guard.
    knn = table.loc["knn"]
    assert (knn["to_50"], knn["reached_50"], knn["times_50"]) == (350, 2, pytest.approx((3 + 2) / 2))
    assert knn["median_confidence"] == pytest.approx(0.725)
    plain = table.loc["none"]
    assert (plain["to_50"], plain["times_50"], plain["to_90"]) == (150, 1, 250)


def test_what_is_not_reached_is_missing(table):
    knn, vim = table.loc["knn"], table.loc["vim"]
    assert (knn["reached_90"], knn["reached_99"]) == (1, 0)
    for name in ("to_90", "times_90", "to_99", "times_99"):
        assert pd.isna(knn[name]), name
    assert pd.isna(vim["first_passing"])
    assert vim["median_confidence"] == 0
    # Of the unguarded runs one reaches 99 %; that is one to compare with.
    other = guarded_table([GROUPS[0], GuardedRuns("knn", "cppn", [history(0, 0, 0, 0.99), history(0, 0, 0, 0)])])
    assert other["times_99"].tolist() == [1, pytest.approx(4 / 3)]
    assert pd.isna(other["to_99"]).all()


def test_the_page_tells_what_it_costs_and_what_is_not_reached(table):
    page = guarded_html(table.reset_index())
    for text in (
        "CPPN encoding, no guard</th><td>2</td><td>400</td>",
        "CPPN encoding, nearest neighbours",
        "<td>350 (\N{MULTIPLICATION SIGN}2.5)</td><td>not reached (1 of 2 runs)</td><td>not reached</td>",
        "CPPN encoding, ViM</th><td>2</td><td>400</td><td>none passes</td><td>never</td>",
    ):
        assert text in page
    assert "(\N{MULTIPLICATION SIGN}1)" not in page


def test_each_guard_has_a_curve_beside_the_unguarded_one():
    direct = [GuardedRuns(group.guard, "direct", group.histories) for group in GROUPS[:2]]
    figure = draw_guarded([*GROUPS, *direct])
    panels = {axes.get_title("left"): axes for axes in figure.axes}
    assert list(panels) == ["CPPN encoding", "direct encoding"]
    lines = {line.get_label(): line for line in panels["CPPN encoding"].lines}
    assert list(lines) == ["no guard", "nearest neighbours", "ViM"]
    np.testing.assert_allclose(lines["nearest neighbours"].get_ydata(), [0.05, 0.3, 0.4, 0.725], atol=1e-3)
    assert set(lines["ViM"].get_ydata()) == {panels["CPPN encoding"].lines[2].get_ydata()[0]}
    assert lines["nearest neighbours"].get_color() == COLOURS[0]
    assert [line.get_label() for line in panels["direct encoding"].lines] == ["no guard", "nearest neighbours"]


def test_from_histories_to_table_and_picture(tmp_path, run_main):
    runs = []
    for group in GROUPS:
        paths = [tmp_path / f"{group.guard}-{number}.csv" for number in range(2)]
        for path, one in zip(paths, group.histories, strict=True):
            one.to_csv(path, index=False)
        runs += ["--runs", group.guard, group.encoding, *paths]
    outputs = [tmp_path / "guarded.csv", tmp_path / "guarded.html"]
    assert run_main("fooling.tables.guarded", *runs, "--output", *outputs) == 0
    assert pd.read_csv(outputs[0])["to_50"].tolist()[:2] == [150, 350]
    picture = tmp_path / "guarded.png"
    assert run_main("fooling.figures.experiments.guarded", *runs, "--output", picture) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
