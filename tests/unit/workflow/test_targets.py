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


def test_histories_are_grouped_by_experiment_and_encoding():
    groups = BOTH.histories(["mnist", "exact"])
    assert [(*group, len(paths)) for group, paths in groups.items()] == [
        ("mnist", "direct", 1),
        ("mnist", "cppn", 8),
        ("exact", "cppn", 1),
    ]
    assert groups["exact", "cppn"] == ["results/t/evolution/exact/cppn/lenet-1/seed-0/history.csv"]
    assert "results/t/tables/scaling.csv" in BOTH.tables


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
        *("ascent_digits_mnist", "transfer_matrix_mnist", "elites_exact", "ancestry_mnist", "scaling_curves"),
    ]
    assert names == {f"{name}.{suffix}" for name in drawn for suffix in ("png", "svg")}
    assert targets().figures == []
    assert targets().tables == []
    direct = targets(evolution={"mnist": {"direct": {"runs": {"lenet-1": [0]}}}})
    assert {path.rpartition("/")[2] for path in direct.figures if path.endswith(".png")} == {
        "figure_04.png",
        "confidence_curves_mnist.png",
        "scaling_curves.png",
    }


LITE = targets(
    pretrained={"lite0": {"architecture": "efficientnet-lite0"}, "lite1": {"architecture": "efficientnet-lite1"}},
    ensembles={"both": ["lite0", "lite1"]},
    evolution={
        "imagenet": {"direct": {"runs": {"lite0": [4]}}, "cppn": {"runs": {"lite0": [0, 1, 2], "lite1": [0]}}},
        "imagenet_ensemble": {"cppn": {"runs": {"both": [0]}}},
        "mnist": {"cppn": {"runs": {"lenet-1": [0]}}},
    },
    ascent={"imagenet": {"runs": {"lite0": [0]}, "classes": [999], "sets": {"169": {}, "minus_1": {}}}},
    features={"imagenet": "lite1"},
    plane={},
    breeding={"network": "lite0", "logs": ["config/breeding/comet.jsonl"]},
    ablation={"imagenet": {}},
)


def test_imagenets_figures_are_of_the_first_network():
    folder = "results/t/evolution/imagenet"
    runs = [f"{folder}/cppn/lite0/seed-{seed}/fooling_set.npz" for seed in range(3)]
    assert LITE.imagenet_runs("cppn") == runs
    assert LITE.two_imagenet_runs() == runs[:2]
    assert LITE.imagenet_runs("direct") == [f"{folder}/direct/lite0/seed-4/fooling_set.npz"]
    assert LITE.imagenet_ascent("169") == "results/t/ascent/imagenet/169/lite0/fooling_set.npz"
    assert LITE.networks == ["lenet-1", "lenet-2", "lite0", "lite1", "both"]
    assert LITE.fooled_networks("imagenet") == ["lite0", "lite1", "both"]
    assert [LITE.dataset(name) for name in ("imagenet", "imagenet_ensemble", "mnist")] == ["imagenet"] * 2 + ["mnist"]
    drawn = {path.rpartition("/")[2].removesuffix(".png") for path in LITE.figures if path.endswith(".png")}
    assert drawn >= {f"figure_{n}" for n in ("01", "02", "06", "07", "08", "09", "10", "13", "14", "s3", "s4", "s5")}
    assert "figure_03" in drawn
    assert not drawn & {"figure_s6", "figure_s7", "elites_imagenet", "ascent_digits_imagenet"}


def test_imagenets_figures_without_runs_are_sentences():
    with pytest.raises(FoolingError, match=r"needs direct images that fool an ImageNet network"):
        BOTH.imagenet_runs("direct")
    with pytest.raises(FoolingError, match=r"add the set 360 under ascent.imagenet.sets"):
        LITE.imagenet_ascent("360")
    with pytest.raises(FoolingError, match=r"name their logs and a network under breeding"):
        BOTH.breeding()
    with pytest.raises(FoolingError, match=r"needs a CPPN run; add one under evolution.exact2.cppn"):
        LITE.first_cppn_run("exact2")


def test_the_gallery_shows_every_experiment():
    assert list(BOTH.shown) == ["mnist", "exact"]
    assert BOTH.shown["mnist"] == BOTH.fooling_sets("mnist")
    assert len(BOTH.all_evolved) == 1 + 8 + 1
    assert BOTH.scores == {"mnist": "results/t/transfer/mnist/scores.csv"}
    assert BOTH.ancestors == {name: f"results/t/ancestors/{name}.npz" for name in ("mnist", "exact")}
    assert BOTH.gallery == ["results/t/gallery"]
    assert targets().gallery == []


def test_claims_are_judged_by_every_table_and_what_lies_beside_them():
    files = LITE.claim_files
    assert len(files) == len(set(files))
    assert set(files) >= {path for path in LITE.tables if path.endswith(".csv")} | set(
        LITE.network_files(LITE.networks)
    )
    further = ("evolution/imagenet/direct/lite0/seed-4/history.csv", "natural/imagenet.csv", "ablation/imagenet.csv")
    assert set(files) >= {f"results/t/{name}" for name in (*further, "plane/plane.npz")}
    assert "results/t/transfer/mnist/scores.csv" in BOTH.claim_files
    assert "results/t/natural/imagenet.csv" not in BOTH.claim_files
    assert set(LITE.claims) <= set(LITE.everything)


def test_everything_names_each_result_once():
    everything = BOTH.everything
    assert len(everything) == len(set(everything))
    fooling_sets = [path for path in everything if path.endswith("fooling_set.npz")]
    assert len(fooling_sets) == 1 + 8 + 1 + 2
    assert fooling_sets == BOTH.all_fooling_sets
    assert BOTH.archive == "results/t/dataset/fooling-images-t.tar.gz"
    assert BOTH.archive not in everything
    assert set(everything) >= {*BOTH.network_files(BOTH.networks), *BOTH.figures, "results/t/tables/table_s1.csv"}
