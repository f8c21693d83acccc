import pytest

from fooling.errors import FoolingError
from fooling.workflow import selections
from fooling.workflow.figures import figures
from fooling.workflow.tables import tables


def drawn(targets) -> list[str]:
    return targets.figure_list.made


def test_only_figures_with_data_are_asked_for(both, make_targets):
    names = {path.removeprefix("results/t/figures/") for path in both.figures}
    expected = [
        *("figure_04", "figure_05", "figure_s1", "figure_s2", "confidence_curves_mnist", "confidence_curves_exact"),
        *("ascent_digits_mnist", "transfer_matrix_mnist", "elites_exact", "ancestry_mnist", "scaling_curves"),
    ]
    assert names == {f"{name}.{suffix}" for name in expected for suffix in ("png", "svg")}
    assert make_targets().figures == []
    assert make_targets().tables == []
    direct = make_targets(evolution={"mnist": {"direct": {"runs": {"lenet-1": [0]}}}})
    assert drawn(direct) == ["figure_04", "scaling_curves", "confidence_curves_mnist"]


def test_figures_of_imagenet_are_asked_for(lite):
    numbers = ("01", "02", "03", "06", "07", "08", "09", "10", "13", "14", "s3", "s4", "s5")
    assert set(drawn(lite)) >= {f"figure_{number}" for number in numbers}
    assert not {"figure_s6", "figure_s7", "elites_imagenet", "ascent_digits_imagenet"} & set(drawn(lite))


def test_some_figures_are_drawn_only_when_asked_for(both, lite, make_targets):
    assert figures(both).inputs("elites_mnist") == {"fooling_sets": both.all_evolved("mnist")}
    assert figures(lite).inputs("elites_imagenet") == {"fooling_sets": lite.all_evolved("imagenet")}
    assert figures(lite).inputs("ascent_digits_imagenet") == {"fooling_sets": lite.ascended("imagenet")}
    assert list(figures(both).inputs("ancestry_exact")) == ["elites", "fooling_set"]
    chains = {f"mnist{number}": {"networks": ["lenet-1"]} for number in range(3)}
    assert "retraining_sweep" in drawn(make_targets(retraining=chains))
    two = make_targets(retraining={name: chains[name] for name in ("mnist0", "mnist1")})
    assert "retraining_sweep" not in drawn(two)
    folder = "results/t/retraining"
    assert figures(two).inputs("retraining_sweep") == {
        "rounds": [f"{folder}/{name}/lenet-1/rounds.csv" for name in ("mnist0", "mnist1")]
    }


def test_the_figure_by_classes_takes_the_experiments_with_equal_evaluations_for_each_class(make_targets):
    numbers = {"few": 10, "some": 20, "many": 40}
    glyphs = {name: {"dataset": "glyphs", "classes": classes} for name, classes in numbers.items()}
    chains = {name: {"networks": [f"{name}-1"], "first_images": 20} for name in numbers}
    unequal = make_targets(networks={"lenet": {}, **glyphs}, retraining=chains)
    assert "retraining_classes" not in drawn(unequal)
    for name, classes in numbers.items():
        chains[name]["evolution"] = {"generations": 2 * classes}
    equal = make_targets(networks={"lenet": {}, **glyphs}, retraining={**chains, "mnist": {"networks": ["lenet-1"]}})
    assert "retraining_classes" in drawn(equal)
    assert figures(equal).inputs("retraining_classes") == {
        "rounds": [f"results/t/retraining/{name}/{name}-1/rounds.csv" for name in numbers]
    }


def test_a_figure_has_the_inputs_that_its_rule_uses(both, lite):
    run = "results/t/evolution/imagenet/cppn/lite0/seed-0"
    assert figures(lite).inputs("figure_02") == {
        "natural": ["results/t/natural/imagenet.csv"],
        "fooling_set": [f"{run}/fooling_set.npz"],
        "elites": [f"{run}/elites.npz"],
    }
    assert figures(lite).inputs("figure_09") == {
        "fooling_sets": selections.two_imagenet_runs(lite),
        "siblings": ["results/t/tables/siblings.csv"],
    }
    assert figures(lite).inputs("figure_03") == {"bred": ["results/t/breeding/bred.npz"]}
    assert figures(both).inputs("figure_s1") == {
        "scores": ["results/t/transfer/mnist/scores.csv"],
        "fooling_sets": both.fooling_sets("mnist"),
    }
    assert figures(both).inputs("confidence_curves_exact") == {
        "direct": [],
        "cppn": ["results/t/evolution/exact/cppn/lenet-1/seed-0/history.csv"],
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("figure_01", "needs direct images that fool an ImageNet network"),
        ("figure_03", "Figure 3 shows pictures bred by hand"),
        ("figure_08", "name it under features.imagenet"),
        ("figure_s7", "add the set 360 under ascent.imagenet.sets"),
        ("figure_s1", "Figure S1 compares two networks"),
        ("scaling_curves", "needs runs of evolution; add some under evolution.mnist or .imagenet"),
        ("retraining_sweep", "compares experiments of retraining"),
        ("retraining_classes", "compares retraining with 3 numbers of classes of one data set"),
    ],
)
def test_a_figure_without_data_is_a_sentence(make_targets, name, sentence):
    with pytest.raises(FoolingError, match=sentence):
        figures(make_targets()).inputs(name)


def test_tables_with_data_are_asked_for(both, lite, make_targets):
    assert both.table_list.made == [
        *("table_s1", "scaling", "evolution_mnist", "evolution_exact", "goal_switches_mnist", "ascent_mnist")
    ]
    assert set(lite.table_list.made) >= {"class_confidence", "siblings", "goal_switches_imagenet"}
    retrained = make_targets(retraining={name: {"networks": ["lenet-1"]} for name in ("mnist", "other")})
    assert retrained.table_list.made == ["table_s2", "retraining_other"]
    assert list(tables(retrained).inputs("retraining_mnist")) == ["rounds"]
    assert "results/t/tables/scaling.csv" in both.tables


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("table_s1", "Table S1 needs scores on several networks; add the experiment transfer.mnist"),
        ("table_s1_imagenet", "add the experiment transfer.imagenet"),
        ("table_s2", "needs retrained networks; add the experiment retraining.mnist"),
        ("class_confidence", "add runs under evolution.imagenet"),
        ("siblings", "name it under features.imagenet"),
        ("scaling", "needs runs of evolution"),
    ],
)
def test_a_table_without_data_is_a_sentence(make_targets, name, sentence):
    with pytest.raises(FoolingError, match=sentence):
        tables(make_targets()).inputs(name)


def test_cured_networks_have_a_table_and_no_picture_of_a_fooling_class(make_targets):
    cures = {"mnist": {}, "plain": {}, "odd": {"outlier_exposure": {}, "rounds": 3}, "noise": {"acet": {}}}
    chains = {name: {"networks": ["lenet-1"], **cure} for name, cure in cures.items()}
    targets = make_targets(retraining=chains)
    folder = "results/t/retraining"
    assert tables(targets).inputs("cures") == {"scores": [f"{folder}/{name}/lenet-1/cure.csv" for name in cures]}
    assert {"cures", "table_s2", "retraining_odd", "retraining_noise"} <= set(targets.table_list.made)
    assert {"recognition_mnist", "recognition_plain"} == {name for name in drawn(targets) if "recognition" in name}
    assert figures(targets).inputs("retraining_sweep") == {
        "rounds": [f"{folder}/{name}/lenet-1/rounds.csv" for name in ("mnist", "plain")]
    }
    with pytest.raises(FoolingError, match=r"retraining\.odd are cured by outlier_exposure; table cures and"):
        figures(targets).inputs("recognition_odd")
    assert targets.fooling_classes("odd", "lenet-1") == [
        f"{folder}/odd/lenet-1/round-{number}/fooling_class.npz" for number in (1, 2)
    ]
    assert targets.fooling_classes("noise", "lenet-1") == []


def test_a_cured_experiment_of_the_papers_name_is_none_of_its_figures(make_targets):
    targets = make_targets(retraining={"mnist": {"networks": ["lenet-1"], "acet": {}}})
    for find, name in ((figures, "figure_11"), (tables, "table_s2"), (figures, "recognition_mnist")):
        with pytest.raises(FoolingError, match="networks with a class of fooling images"):
            find(targets).inputs(name)
    assert targets.table_list.made == ["cures", "retraining_mnist"]


def test_without_another_cure_there_is_nothing_to_compare(make_targets):
    with pytest.raises(FoolingError, match="add outlier_exposure or acet to an experiment"):
        tables(make_targets(retraining={"mnist": {"networks": ["lenet-1"]}})).inputs("cures")


def test_the_first_network_is_asked_far_from_its_data_on_demand(make_targets):
    targets = make_targets(plane={})
    assert targets.beyond == [f"results/t/figures/far_from_data.{suffix}" for suffix in ("png", "svg")]
    assert figures(targets).inputs("far_from_data") == {"table": ["results/t/far_from_data/far_from_data.csv"]}
    assert selections.network_far_from_data(targets) == "lenet-1"
    assert "far_from_data" not in drawn(targets)
    with pytest.raises(FoolingError, match="add the section plane"):
        figures(make_targets()).inputs("far_from_data")


def test_there_is_a_gallery_where_there_are_images(both, make_targets):
    assert both.gallery == ["results/t/gallery"]
    assert make_targets().gallery == []


def test_claims_are_judged_by_every_table_and_what_lies_beside_them(both, lite):
    files = lite.claim_files
    assert len(files) == len(set(files))
    assert set(files) >= {path for path in lite.tables if path.endswith(".csv")} | set(
        lite.network_files(lite.networks)
    )
    further = ("evolution/imagenet/direct/lite0/seed-4/history.csv", "natural/imagenet.csv", "ablation/imagenet.csv")
    of_figures = ("tables/examples.csv", "tables/diverse_images.csv", "plane/plane.npz")
    assert set(files) >= {f"results/t/{name}" for name in (*further, *of_figures)}
    assert "results/t/transfer/mnist/scores.csv" in both.claim_files
    assert "results/t/natural/imagenet.csv" not in both.claim_files
    assert set(lite.claims) <= set(lite.everything)


def test_everything_names_each_result_once(both):
    everything = both.everything
    assert len(everything) == len(set(everything))
    fooling_sets = [path for path in everything if path.endswith("fooling_set.npz")]
    assert len(fooling_sets) == 1 + 8 + 1 + 2
    assert fooling_sets == both.all_fooling_sets
    assert both.dataset == "results/t/dataset/fooling-images-t.tar.gz"
    assert both.dataset not in everything
    assert set(everything) >= {*both.network_files(both.networks), *both.figures, "results/t/tables/table_s1.csv"}


def test_what_goes_beyond_the_paper_is_made_on_demand_alone(make_targets):
    runs = {"lenet-1": [0], "lenet-2": [0]}
    targets = make_targets(
        evolution={"mnist": {"cppn": {"runs": runs}}},
        ascent={"mnist": {"runs": {"lenet-2": [0]}, "classes": [0], "sets": {"169": {}}}},
        retraining={"mnist": {"networks": ["lenet-1"]}},
        detection={"mnist": {"networks": ["lenet-1", "lenet-2"]}},
    )
    files = [f"tables/detection_mnist.{suffix}" for suffix in ("csv", "html")]
    files += [f"figures/detection_mnist.{suffix}" for suffix in ("png", "svg")]
    assert targets.beyond == [f"results/t/{file}" for file in files]
    assert not set(targets.beyond) & set(targets.everything)
    assert tables(targets).inputs("detection_mnist") == {
        "scores": [f"results/t/detection/mnist/lenet-{number}/detectors.csv" for number in (1, 2)]
    }
    assert figures(targets).inputs("detection_mnist") == {"table": ["results/t/tables/detection_mnist.csv"]}
    assert targets.judged("mnist", "lenet-1") == [
        "results/t/evolution/mnist/cppn/lenet-1/seed-0/fooling_set.npz",
        *(f"results/t/retraining/mnist/lenet-1/round-{number}/fooling_set.npz" for number in (1, 2)),
    ]
    assert targets.judged("mnist", "lenet-2") == [
        "results/t/evolution/mnist/cppn/lenet-2/seed-0/fooling_set.npz",
        "results/t/ascent/mnist/169/lenet-2/fooling_set.npz",
    ]


def test_guarded_runs_repeat_those_of_their_experiment_on_demand_alone(make_targets):
    plain = {"mnist": {"cppn": {"runs": {"lenet-2": [0, 3], "lenet-1": [1]}, "fitness": "log"}}}
    targets = make_targets(
        evolution=plain,
        guarded={"mnist": {"detectors": ["knn", "vim"]}},
        detection={"mnist": {"networks": ["lenet-1"]}},
    )
    files = [
        f"results/t/{folder}/{name}_mnist.{suffix}"
        for name in ("detection", "guarded")
        for folder, suffixes in (("tables", ("csv", "html")), ("figures", ("png", "svg")))
        for suffix in suffixes
    ]
    assert targets.beyond == files
    assert targets.everything == make_targets(evolution=plain).everything
    histories = targets.guarded_histories("mnist")
    assert list(histories) == [("none", "cppn"), ("knn", "cppn"), ("vim", "cppn")]
    assert histories["none", "cppn"] == targets.evolved("mnist", "cppn", "history.csv")
    assert histories["vim", "cppn"] == [
        f"results/t/guarded/mnist/vim/cppn/{run}/history.csv"
        for run in ("lenet-2/seed-0", "lenet-2/seed-3", "lenet-1/seed-1")
    ]
    every = {"histories": [path for paths in histories.values() for path in paths]}
    assert tables(targets).inputs("guarded_mnist") == figures(targets).inputs("guarded_mnist") == every
    assert targets.judged("mnist", "lenet-1") == [
        f"results/t/{folder}/cppn/lenet-1/seed-1/fooling_set.npz"
        for folder in ("evolution/mnist", "guarded/mnist/knn", "guarded/mnist/vim")
    ]
