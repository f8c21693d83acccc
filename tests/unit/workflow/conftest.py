from collections.abc import Callable

import pytest

from fooling.settings.config import load_config
from fooling.workflow.targets import Targets

MakeTargets = Callable[..., Targets]


@pytest.fixture
def make_targets() -> MakeTargets:
    """Targets of a configuration with two LeNets and the given sections."""

    def make(**sections) -> Targets:
        return Targets(load_config({"name": "t", "networks": {"lenet": {"seeds": [1, 2]}}, **sections}, "Mistakes"))

    return make


@pytest.fixture
def both(make_targets: MakeTargets) -> Targets:
    """Both encodings against LeNets."""
    runs = {"lenet-2": list(range(7)), "lenet-1": [0]}
    return make_targets(
        evolution={
            "mnist": {"direct": {"runs": {"lenet-1": [3]}}, "cppn": {"runs": runs}},
            "exact": {"cppn": {"runs": {"lenet-1": [0]}, "fitness": "log"}},
        },
        ascent={"mnist": {"runs": {"lenet-1": [0, 1]}, "classes": [0], "sets": {"169": {}, "360": {}}}},
        transfer={"mnist": {"networks": ["lenet-2", "lenet-1"]}},
    )


@pytest.fixture
def lite(make_targets: MakeTargets) -> Targets:
    """Networks of ImageNet and an ensemble of them."""
    return make_targets(
        pretrained={name: {"architecture": f"efficientnet-{name}"} for name in ("lite0", "lite1")},
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
