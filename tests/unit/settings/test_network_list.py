from fooling.settings.config import Config
from fooling.settings.network import Network
from fooling.settings.network_list import networks_in

VALUES = {
    "networks": {"lenet": {"seeds": [1, 2]}, "few": {"classes": 3}, "convnet": {"dataset": "cifar10", "width": "many"}},
    "pretrained": {"lite0": {"architecture": "efficientnet-lite0"}, "own": {"dataset": "flowers", "classes": 5}},
    "ensembles": {"both": ["lite0", "own"], "unknown": ["lite7"], "empty": []},
}


def test_every_network_is_recorded_with_where_it_comes_from():
    networks = networks_in(VALUES)
    assert networks is not None
    assert list(networks.values()) == [
        Network("lenet-1", "mnist", 10, family="lenet", seed=1),
        Network("lenet-2", "mnist", 10, family="lenet", seed=2),
        Network("few-1", "mnist", 3, family="few", seed=1),
        Network("convnet-1", "cifar10", 10, family="convnet", seed=1),
        Network("lite0", "imagenet", 1000),
        Network("own", "flowers", 5),
        Network("both", "imagenet", 1000),
    ]
    assert [name for name, network in networks.items() if not network.trained_here] == ["lite0", "own", "both"]


def test_networks_that_cannot_be_read_are_not_guessed():
    assert networks_in({"networks": ["lenet"]}) is None
    assert networks_in({"networks": {"lenet": {"seeds": "all"}}}) is None
    assert networks_in({"pretrained": None}) is None
    assert networks_in({3: "a key that is no text"}) == {}


def test_a_checked_configuration_has_the_same_networks():
    pretrained = {name: {"architecture": f"efficientnet-{name}"} for name in ("lite0", "lite1")}
    values = {
        "networks": {"lenet": {"seeds": [7]}},
        "pretrained": pretrained,
        "ensembles": {"both": ["lite0", "lite1"]},
    }
    assert Config.model_validate(values).all_networks == networks_in(values)
