from fooling.workflow.artifacts import beside


def test_a_network_is_named_by_family_and_seed(both, lite):
    assert list(both.networks) == both.trained == ["lenet-1", "lenet-2"]
    assert both.network_files(["lenet-2"]) == ["results/t/networks/lenet-2.npz"]
    assert list(lite.networks) == ["lenet-1", "lenet-2", "lite0", "lite1", "both"]
    assert lite.trained == ["lenet-1", "lenet-2"]


def test_each_run_of_evolution_has_a_folder(both):
    assert both.evolved("mnist", "direct") == ["results/t/evolution/mnist/direct/lenet-1/seed-3/fooling_set.npz"]
    histories = both.evolved("mnist", "cppn", "history.csv")
    assert histories[0] == "results/t/evolution/mnist/cppn/lenet-2/seed-0/history.csv"
    assert histories[-1] == "results/t/evolution/mnist/cppn/lenet-1/seed-0/history.csv"
    assert len(histories) == 8
    assert both.all_evolved("mnist") == [*both.evolved("mnist", "direct"), *both.evolved("mnist", "cppn")]
    assert both.evolved("exact", "direct") == []
    assert both.evolved("unknown", "direct") == []


def test_histories_are_grouped_by_experiment_and_encoding(both):
    groups = both.histories(["mnist", "exact"])
    assert [(*group, len(paths)) for group, paths in groups.items()] == [
        ("mnist", "direct", 1),
        ("mnist", "cppn", 8),
        ("exact", "cppn", 1),
    ]
    assert groups["exact", "cppn"] == ["results/t/evolution/exact/cppn/lenet-1/seed-0/history.csv"]


def test_gradient_ascent_has_a_fooling_set_for_each_set_and_network(both):
    assert both.ascended("mnist") == [
        "results/t/ascent/mnist/169/lenet-1/fooling_set.npz",
        "results/t/ascent/mnist/360/lenet-1/fooling_set.npz",
    ]
    assert both.ascended("exact") == []


def test_an_experiment_fools_networks_of_a_data_set(lite):
    assert lite.fooled_networks("imagenet") == ["lite0", "lite1", "both"]
    assert [lite.fools(name, "imagenet") for name in ("imagenet", "imagenet_ensemble", "mnist")] == [True, True, False]
    assert lite.fools("mnist", "mnist")
    assert not lite.fools("unknown", "mnist")


def test_the_gallery_shows_every_experiment(both):
    assert list(both.shown) == ["mnist", "exact"]
    assert both.shown["mnist"] == both.fooling_sets("mnist")
    assert both.scores == {"mnist": "results/t/transfer/mnist/scores.csv"}
    assert both.ancestors == {name: f"results/t/ancestors/{name}.npz" for name in ("mnist", "exact")}


def test_a_chain_has_files_of_each_round(make_targets):
    targets = make_targets(retraining={"mnist": {"networks": ["lenet-1", "lenet-2"], "rounds": 3}})
    folder = "results/t/retraining/mnist/lenet-2"
    assert targets.all_retrained("mnist", "lenet-2") == [
        "results/t/networks/lenet-2.npz",
        f"{folder}/round-2/lenet-2-dnn2.npz",
        f"{folder}/round-3/lenet-2-dnn3.npz",
    ]
    classes = [f"{folder}/round-{number}/fooling_class.npz" for number in (1, 2)]
    assert targets.fooling_classes("mnist", "lenet-2") == classes
    assert targets.fooling_classes("mnist", "lenet-2", before=2) == classes[:1]
    assert targets.rounds("mnist")[3:] == [f"{folder}/round-{number}/fooling_set.npz" for number in (1, 2, 3)]


def test_a_network_has_settings_or_files(make_targets):
    own = {"architecture": "lenet", "weights": __file__, "dataset": "flowers", "classes": 5}
    targets = make_targets(pretrained={"own": own, "lite0": {"architecture": "efficientnet-lite0"}})
    assert targets.family("lenet-2") == targets.config.networks["lenet"]
    assert targets.weight_files("own") == [__file__]
    assert targets.weight_files("lite0") == []


def test_files_lie_beside_others():
    assert beside(["a/b/c.npz", "d/e.npz"], "f.csv") == ["a/b/f.csv", "d/f.csv"]
    assert beside([], "f.csv") == []
