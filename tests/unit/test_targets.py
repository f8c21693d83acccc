import pytest

from fooling.errors import FoolingError
from fooling.settings.config import Config
from fooling.workflow.targets import Targets


def targets(**sections) -> Targets:
    return Targets(Config.model_validate({"name": "t", "networks": {"lenet": {"seeds": [1, 2]}}, **sections}))


BOTH = targets(
    evolution={
        "mnist": {"direct": {"runs": {"lenet-1": [3]}}, "cppn": {"runs": {"lenet-2": list(range(7)), "lenet-1": [0]}}},
        "exact": {"cppn": {"runs": {"lenet-1": [0]}, "fitness": "log"}},
    },
    ascent={"mnist": {"runs": {"lenet-1": [0, 1]}, "classes": [0], "sets": {"169": {}, "360": {}}}},
    transfer={"mnist": {"networks": ["lenet-2", "lenet-1"]}},
)


def test_a_network_is_named_by_family_and_seed():
    assert BOTH.networks == ["lenet-1", "lenet-2"]
    assert BOTH.network_files(["lenet-2"]) == ["results/t/networks/lenet-2.npz"]


def test_each_run_of_evolution_has_a_folder():
    assert BOTH.evolved("mnist", "direct") == ["results/t/evolution/mnist/direct/lenet-1/seed-3/fooling_set.npz"]
    histories = BOTH.evolved("mnist", "cppn", "history.csv")
    assert histories[0] == "results/t/evolution/mnist/cppn/lenet-2/seed-0/history.csv"
    assert histories[-1] == "results/t/evolution/mnist/cppn/lenet-1/seed-0/history.csv"
    assert len(histories) == 8
    assert BOTH.evolved("exact", "direct") == []
    assert BOTH.evolved("unknown", "direct") == []


def test_gradient_ascent_has_a_fooling_set_for_each_set_and_network():
    assert BOTH.ascended("mnist") == [
        "results/t/ascent/mnist/169/lenet-1/fooling_set.npz",
        "results/t/ascent/mnist/360/lenet-1/fooling_set.npz",
    ]
    assert BOTH.ascended("exact") == []


def test_figures_show_five_runs_against_the_first_network_and_then_the_further_ones():
    folder = "results/t/evolution/mnist/cppn/lenet-2"
    assert BOTH.first_rows("cppn") == [f"{folder}/seed-{seed}/fooling_set.npz" for seed in range(5)]
    assert BOTH.further_rows("cppn") == [f"{folder}/seed-{seed}/fooling_set.npz" for seed in (5, 6)]


def test_a_figure_without_runs_is_a_sentence():
    with pytest.raises(
        FoolingError, match=r"needs more than 5 runs .* has 1; list more seeds under evolution.mnist.direct"
    ):
        BOTH.further_rows("direct")
    with pytest.raises(FoolingError, match=r"needs more than 0 runs .* has 0"):
        targets().first_rows("cppn")
    with pytest.raises(FoolingError, match="Figure S1 compares two networks"):
        targets().compared_networks()


def test_the_two_networks_of_figure_s1_are_the_first_ones_of_transfer():
    assert BOTH.compared_networks() == ["lenet-2", "lenet-1"]


def test_only_figures_with_data_are_asked_for():
    names = {path.removeprefix("results/t/figures/") for path in BOTH.figures}
    drawn = [
        *("figure_04", "figure_05", "figure_s1", "figure_s2", "confidence_curves_mnist", "confidence_curves_exact"),
        *("ascent_digits_mnist", "transfer_matrix_mnist", "elites_exact"),
    ]
    assert names == {f"{name}.{suffix}" for name in drawn for suffix in ("png", "svg")}
    assert targets().figures == []
    assert targets().tables == []
    direct = targets(evolution={"mnist": {"direct": {"runs": {"lenet-1": [0]}}}})
    assert {path.rpartition("/")[2] for path in direct.figures if path.endswith(".png")} == {
        "figure_04.png",
        "confidence_curves_mnist.png",
    }


def test_everything_names_each_result_once():
    everything = BOTH.everything
    assert len(everything) == len(set(everything))
    fooling_sets = [path for path in everything if path.endswith("fooling_set.npz")]
    assert len(fooling_sets) == 1 + 8 + 1 + 2
    assert set(everything) >= {*BOTH.network_files(BOTH.networks), *BOTH.figures, "results/t/tables/table_s1.csv"}
