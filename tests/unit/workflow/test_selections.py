import pytest

from fooling.errors import FoolingError
from fooling.workflow import selections


def test_figures_show_five_runs_against_the_first_network_and_then_the_further_ones(both):
    folder = "results/t/evolution/mnist/cppn/lenet-2"
    assert selections.first_rows(both, "cppn") == [f"{folder}/seed-{seed}/fooling_set.npz" for seed in range(5)]
    assert selections.further_rows(both, "cppn") == [f"{folder}/seed-{seed}/fooling_set.npz" for seed in (5, 6)]


def test_too_few_runs_are_a_sentence(both, make_targets):
    with pytest.raises(
        FoolingError, match=r"needs more than 5 runs .* has 1; list more seeds under evolution.mnist.direct"
    ):
        selections.further_rows(both, "direct")
    with pytest.raises(FoolingError, match=r"needs more than 0 runs .* has 0"):
        selections.first_rows(make_targets(), "cppn")


def test_the_two_networks_of_figure_s1_are_the_first_ones_of_transfer(both, make_targets):
    assert selections.compared_networks(both) == ["lenet-2", "lenet-1"]
    with pytest.raises(FoolingError, match="Figure S1 compares two networks"):
        selections.compared_networks(make_targets())
    one = {"evolution": {"mnist": {}}, "transfer": {"mnist": {"networks": ["lenet-1"]}}}
    with pytest.raises(FoolingError, match="Figure S1 compares two networks"):
        selections.compared_networks(make_targets(**one))


def test_imagenets_figures_are_of_the_first_network(lite):
    folder = "results/t/evolution/imagenet"
    runs = [f"{folder}/cppn/lite0/seed-{seed}/fooling_set.npz" for seed in range(3)]
    assert selections.imagenet_network(lite, "cppn") == "lite0"
    assert selections.imagenet_runs(lite, "cppn") == runs
    assert selections.two_imagenet_runs(lite) == runs[:2]
    assert selections.imagenet_runs(lite, "direct") == [f"{folder}/direct/lite0/seed-4/fooling_set.npz"]
    assert selections.imagenet_ascent(lite, "169") == "results/t/ascent/imagenet/169/lite0/fooling_set.npz"
    of_imagenet = [*lite.all_evolved("imagenet"), *lite.all_evolved("imagenet_ensemble")]
    assert selections.class_confidence_runs(lite) == of_imagenet


def test_a_job_of_ascent_has_the_images_of_its_network(both):
    images = selections.ascent_images(both, "mnist", "lenet-1")
    assert (images.classes, images.seeds) == ([0], [0, 1])
    with pytest.raises(FoolingError, match=r"^list lenet-2 with its seeds under ascent\.mnist\.runs\.$"):
        selections.ascent_images(both, "mnist", "lenet-2")


RETRAINED = {
    "pretrained": {"lite0": {"architecture": "efficientnet-lite0"}},
    "networks": {
        "lenet": {},
        "convnet": {"dataset": "cifar10", "architecture": "convnet", "seeds": [1, 2]},
        "resnet": {"dataset": "cifar100", "architecture": "resnet"},
    },
}


@pytest.mark.parametrize(
    ("experiments", "chosen"),
    [
        ({"mnist": {"networks": ["lenet-1"]}, "b": {"networks": ["convnet-2"]}, "c": {"networks": ["convnet-1"]}}, "b"),
        ({"b": {"networks": ["convnet-1"]}, "d": {"networks": ["lite0"], "imagenet_training": {}}}, "d"),
        ({"b": {"networks": ["convnet-1"]}, "h": {"networks": ["resnet-1"]}}, "h"),
        ({"e": {"networks": ["lite0"], "head_training": {}}, "b": {"networks": ["convnet-1"]}}, "b"),
    ],
)
def test_figure_12_is_of_imagenet_or_the_first_experiment_on_natural_images(make_targets, experiments, chosen):
    assert selections.natural_retraining(make_targets(**RETRAINED, retraining=experiments)) == chosen


def test_figure_11_shows_a_chain_round_by_round(make_targets):
    chains = {"mnist": {"networks": ["lenet-1", "lenet-2"], "rounds": 3}}
    folder = "results/t/retraining/mnist/lenet-1"
    assert selections.first_chain(make_targets(retraining=chains), "mnist") == [
        f"{folder}/round-{number}/fooling_set.npz" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("find", "arguments", "sentence"),
    [
        (selections.imagenet_runs, ["direct"], "needs direct images that fool an ImageNet network; add runs under"),
        (selections.imagenet_network, ["cppn"], "needs cppn images that fool an ImageNet network"),
        (selections.class_confidence_runs, [], "This table needs images that fool an ImageNet network"),
        (selections.imagenet_ascent, ["360"], "add the set 360 under ascent.imagenet.sets"),
        (selections.first_cppn_run, ["exact2"], "needs a CPPN run; add one under evolution.exact2.cppn"),
        (selections.features, [], "name it under features.imagenet"),
        (selections.ablation, [], "add ablation.imagenet"),
        (selections.plane, [], "add the section plane"),
        (selections.breeding, [], "name their logs and a network under breeding"),
        (selections.first_chain, ["mnist"], "needs retrained networks; add the experiment retraining.mnist"),
        (selections.natural_retraining, [], "Figure 12 needs networks of natural images; add the experiment"),
    ],
)
def test_what_a_configuration_lacks_is_a_sentence(both, find, arguments, sentence):
    with pytest.raises(FoolingError, match=sentence):
        find(both, *arguments)
