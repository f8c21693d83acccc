import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from fooling.artifacts.fooling_set import join
from fooling.errors import FoolingError
from fooling.figures.retraining.classes import draw_retraining_classes
from fooling.figures.retraining.confidence import class_medians, compare, draw_retraining_confidence
from fooling.figures.retraining.grid import draw_retraining_grid
from fooling.figures.retraining.recognition import draw_recognition
from fooling.figures.retraining.sweep import draw_retraining_sweep
from fooling.results.paper_values import read_paper_values
from fooling.results.wording import format_confidence
from fooling.tables.retraining import read_rounds, retraining_html, retraining_table


def texts_of(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts] + [t.get_text() for t in figure.texts]


@pytest.fixture
def make_round(make_fooling_set):
    """Return a factory of rounds: runs with one confidence each, their elites of generation 0 before the last."""

    def make(number: int, confidences, **origin):
        sets = []
        for run, confidence in enumerate(confidences):
            for generation, value in ((0, 0.1), (20, confidence)):
                made = make_fooling_set(run=run, confidence=value, generation=generation, round=number, **origin)
                sets.append(made)
        return join(sets)

    return make


def test_a_row_for_each_network_with_the_median_of_all_its_runs(make_round):
    rounds = [make_round(1, [0.5, 0.7, 0.95]), make_round(2, [0.2, 0.4])]
    texts = texts_of(draw_retraining_grid(rounds))
    assert {"DNN1", "DNN2"} <= set(texts)
    for evolved in rounds:
        final = evolved.final().confidence
        assert format_confidence(float(np.median(final))) in texts
        bounds = [format_confidence(float(bound)) for bound in (final.min(), final.max())]
        assert " \N{EN DASH} ".join(bounds) in texts
    assert sum("One of 3 or 2 runs" in text for text in texts) == 1
    # The first run is shown, of its last generation alone.
    assert texts.count(format_confidence(float(rounds[0].final().confidence[0]))) == 3
    assert format_confidence(float(rounds[0].confidence[0])) not in texts


def test_each_class_has_its_median_over_the_runs(make_round):
    np.testing.assert_allclose(class_medians([make_round(1, [0.2, 0.9, 0.4])]), [[0.4, 0.4, 0.4]], rtol=1e-6)


def test_two_networks_are_compared_by_ranks():
    before, after = np.array([[0.9, 0.8, 0.7]]), np.array([[0.1, 0.75, 0.2]])
    comparison = compare(before, after)
    # By hand: of nine pairs, only (0.7, 0.75) has the second higher.
    assert comparison.u == 8
    assert comparison.effect == pytest.approx(8 / 9)
    assert comparison.p == mannwhitneyu(before.ravel(), after.ravel()).pvalue
    assert comparison.numbers == (3, 3)


def test_figure_12_states_medians_and_test(make_round):
    before, after = make_round(1, [0.96]), make_round(2, [0.21])
    figure = draw_retraining_confidence([before] * 2, [after] * 2)
    assert any("exceeds that on DNN2 in 100" in text for text in texts_of(figure))
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    medians = [format_confidence(float(np.median(each.final().confidence)), decimals=3) for each in (before, after)]
    assert labels == [f"DNN{number}: {median}" for number, median in enumerate(medians, start=1)]
    with pytest.raises(FoolingError, match="the same chains"):
        draw_retraining_confidence([make_round(1, [0.9])], [])
    with pytest.raises(FoolingError, match="holds no image"):
        draw_retraining_confidence([before], [after.select(np.arange(0))])


RECOGNITION = pd.DataFrame(
    {
        "images": ["first", "first", "last", "noise", "first", "ascent 169"],
        "seen": ["True", "True", "False", "False", "True", "False"],
        "round": [2, 2, 2, 2, 3, 3],
        "count": [10, 30, 5, 100, 40, 7],
        "as_fooling": [1.0, 0.5, 0.2, 0.0, 0.25, 1.0],
    }
)


def test_recognition_weighs_rounds_and_chains_by_their_images():
    texts = texts_of(draw_recognition(RECOGNITION, "MNIST"))
    assert {"62", "20", "0", "25", "100"} <= set(texts)  # (10 + 15) of 40, rounded to even
    assert {"CPPN, generation 0, learned from (40)", "CPPN, last generation, held out (5)"} <= set(texts)
    assert {"uniform noise (100)", "gradient ascent, set 169 (7)", "DNN2", "DNN3"} <= set(texts)


ROUNDS = """round,dataset,classes,generations,children,fooling_images,fooling_share,test_error,test_as_fooling,runs,\
median_confidence,lowest_run,highest_run,to_90,to_99,to_9999,old_confidence,old_as_fooling
1,mnist,10,50,100,0,0.0,0.009,0.0,30,0.99999,0.9,1.0,200,400,2000,,
2,mnist,10,50,100,600,0.0099,0.01,0.0005,20,0.98,0.7,0.99,1000,,,0.0001,0.95
"""


@pytest.fixture
def rounds(tmp_path):
    path = tmp_path / "mnist" / "lenet-1" / "rounds.csv"
    path.parent.mkdir(parents=True)
    path.write_text(ROUNDS)
    return read_rounds([path])


def test_table_s2_sets_ours_beside_the_papers(rounds):
    paper = pd.DataFrame(
        [
            ("table_s2", "median_confidence_dnn2", 97.42, "%", "R-", "", ""),
            ("table_s2", "test_error_dnn1", 0.94, "%", "R-", "", ""),
        ],
        columns=["item", "quantity", "value", "unit", "status", "scale", "note"],
    )
    table = retraining_table(rounds, paper, "table_s2")
    assert table["network"].tolist() == ["lenet-1", "lenet-1"]
    np.testing.assert_array_equal(table["paper_median_confidence"], [np.nan, 97.42])
    np.testing.assert_array_equal(table["paper_test_error"], [0.94, np.nan])
    page = retraining_html(table, paper, "table_s2")
    assert "lenet-1, DNN2" in page
    assert "1,000 / \N{EN DASH} / \N{EN DASH}" in page
    assert "weakly recalled, unverified" in page
    alone = retraining_table(rounds, paper, None)
    assert alone[["paper_median_confidence", "paper_test_error"]].isna().to_numpy().all()


def test_the_papers_values_of_all_fifteen_rounds_are_there():
    values = read_paper_values("config/paper_values.csv")
    quantities = set(values.loc[values["item"] == "table_s2", "quantity"])
    wanted = {f"{kind}_dnn{number}" for kind in ("median_confidence", "test_error") for number in range(1, 16)}
    assert quantities == wanted


def test_the_sweep_shows_what_is_never_reached_at_the_edge(rounds):
    left, right = draw_retraining_sweep(rounds).axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), [0.99999, 0.98])
    np.testing.assert_allclose(right.lines[0].get_ydata(), [400, 1000])
    np.testing.assert_allclose(right.lines[0].get_xdata(), [0, 1.0])


def test_the_sweep_draws_any_number_of_classes_and_says_if_there_is_no_share(rounds):
    many = pd.concat([rounds.assign(classes=number) for number in range(2, 12)])
    left, _ = draw_retraining_sweep(many).axes
    labels = [text.get_text() for text in left.get_legend().get_texts()]
    assert labels == [f"MNIST, {number} classes" for number in range(2, 12)]
    medians = [line for line in left.lines if line.get_label() in labels]
    assert len({(line.get_linestyle(), line.get_color()) for line in medians}) == 10
    with pytest.raises(FoolingError, match="there is no share to draw"):
        draw_retraining_sweep(rounds.assign(fooling_share=np.nan))


def test_the_number_of_classes_has_a_line_for_each_size_of_the_fooling_class(rounds):
    def experiment(classes: int, size: float, confidence: float) -> pd.DataFrame:
        """Return DNN1 and DNN2 with a fooling class of `size` average classes."""
        share = size / (size + classes)
        medians, shares = [0.9, confidence], [0.0, share]
        evolved = {"classes": classes, "generations": 5 * classes}
        return rounds.assign(**evolved, median_confidence=medians, fooling_share=shares)

    dial = [experiment(classes, size, 0.5 - size / 100) for classes in (10, 100, 300) for size in (1, 7)]
    twins = [experiment(10, 1, 0.4), experiment(10, 1, 0.45)]
    (axes,) = draw_retraining_classes(pd.concat([*dial, *twins])).axes
    lines = {str(line.get_label()): line for line in axes.lines if not str(line.get_label()).startswith("_")}
    assert list(lines) == [
        "DNN1, no fooling class",
        "DNN2, a fooling class of 1 average class",
        "DNN2, a fooling class of 7 average classes",
    ]
    heights = [line.get_ydata() for line in lines.values()]
    np.testing.assert_allclose(heights, [[0.9] * 3, [0.45, 0.49, 0.49], [0.43] * 3])
    assert axes.get_title(loc="left") == "MNIST, 500 evaluations for each class"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10", "100", "300"]


def test_each_data_set_and_budget_has_a_panel_of_the_number_of_classes(rounds):
    other = rounds.assign(dataset="cifar100", classes=100)
    figure = draw_retraining_classes(pd.concat([rounds, other]))
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["MNIST, 500 evaluations for each class", "CIFAR-100, 50 evaluations for each class"]
    with pytest.raises(FoolingError, match="there is no size of a class to draw"):
        draw_retraining_classes(rounds.assign(fooling_share=np.nan))
