"""Architectures of the libraries: their names, their sizes, and that a check needs no connection."""

import socket
import urllib.request

import pytest
import timm
import torch
from torchvision import models

from fooling.errors import FoolingError
from fooling.networks import network_file, zoo
from fooling.networks.architectures import published_network
from fooling.networks.network_file import load_network, save_networks
from fooling.networks.zoo import check_pretrained, load_pretrained
from fooling.settings.pretrained import PretrainedSettings

OWN = {"dataset": "mine", "classes": 5}


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    def connect(*_, **__):
        raise AssertionError("a check asks for a connection")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(urllib.request, "urlopen", connect)
    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", connect)
    monkeypatch.setattr(torch.hub, "download_url_to_file", connect)


@pytest.mark.parametrize(
    "name",
    [
        *("torchvision/vit_b_32", "torchvision/swin_v2_t", "torchvision/inception_v3"),
        *("torchvision/squeezenet1_1", "torchvision/mobilenet_v3_small", "torchvision/shufflenet_v2_x0_5"),
        *("timm/vit_tiny_patch16_224", "timm/swin_tiny_patch4_window7_224", "timm/mixer_s32_224", "timm/test_vit"),
        *(
            "timm/test_resnet.r160_in1k",
            "timm/resnet18.a1_in1k",
            "hf-hub:timm/resnet18.a1_in1k",
            "hf_hub:timm/resnet18",
        ),
    ],
)
@pytest.mark.parametrize("size", [None, 288])
def test_a_classifier_is_checked_without_a_connection(name, size):
    check_pretrained(PretrainedSettings(architecture=name, input_size=size))


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("torchvision/fcn_resnet50", None, "torchvision has no network fcn_resnet50"),
        ("torchvision/fasterrcnn_resnet50_fpn", None, "torchvision has no network fasterrcnn_resnet50_fpn"),
        ("torchvision/quantized_resnet18", None, "torchvision has no network quantized_resnet18"),
        ("torchvision/r3d_18", None, "torchvision has no network r3d_18"),
        ("torchvision/raft_small", None, "torchvision has no network raft_small"),
        ("timm/resnet18.a9_in1k", None, r"timm has no network resnet18\.a9_in1k; the nearest are resnet18\.a"),
        ("timm/timm/resnet18", None, None),
        ("someone/resnet18", None, "There is no architecture someone/resnet18"),
        ("torchvision/vit_b_32", 100, r"cannot take inputs of 100 x 100 pixels \(.*\); choose another input_size\."),
        ("torchvision/maxvit_t", 288, r"cannot take inputs of 288 x 288 pixels \(.*\); choose another input_size\."),
    ],
)
def test_what_is_no_classifier_here_is_told_in_one_sentence(name, size, sentence):
    if sentence is None:
        with pytest.raises(ValueError, match="should match pattern"):
            PretrainedSettings(architecture=name)
        return
    with pytest.raises(FoolingError, match=sentence):
        check_pretrained(PretrainedSettings(architecture=name, input_size=size))


def test_only_classifiers_are_offered():
    listed = set(models.list_models(module=models))
    assert "resnet18" in listed
    assert not listed & {"fcn_resnet50", "retinanet_resnet50_fpn", "raft_large", "mvit_v1_b", "quantized_resnet50"}


def test_a_network_without_the_right_outputs_is_told(monkeypatch):
    monkeypatch.setattr(zoo, "published_network", lambda *_, **__: torch.nn.Flatten())
    with pytest.raises(FoolingError, match="is no classifier of 1000 classes"):
        check_pretrained(PretrainedSettings(architecture="timm/resnet18"))


def test_whatever_a_library_raises_is_told(monkeypatch):
    def create(*_, **__):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(timm, "create_model", create)
    with pytest.raises(FoolingError, match=r"timm/resnet18 cannot be built for 1000 classes \(by\)"):
        check_pretrained(PretrainedSettings(architecture="timm/resnet18"))


def test_a_network_of_another_input_size_is_imported_and_read_back(tmp_path):
    torch.manual_seed(1)
    own = published_network("timm/test_vit", 5, input_size=64)
    torch.save(own.state_dict(), tmp_path / "w.pth")
    values = {"architecture": "timm/test_vit", "weights": str(tmp_path / "w.pth"), "image_size": 64, **OWN}
    trained = load_pretrained(PretrainedSettings(input_size=64, **values))
    assert trained.options == {"input_size": 64}
    save_networks(tmp_path / "n.npz", [trained], {})
    read = load_network(tmp_path / "n.npz")
    inputs = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(read.network(inputs), own(inputs), rtol=0, atol=0)
    with pytest.raises(FoolingError, match="It was trained on inputs of another size; set input_size to that"):
        load_pretrained(PretrainedSettings(input_size=96, **values))


@pytest.mark.parametrize("options", [{"input_size": 10**6}, {"pretrained": True}, {"input_size": 96}, {"img_size": 64}])
def test_the_options_of_a_network_file_are_not_trusted(options, tmp_path):
    own = published_network("timm/test_vit", 5, input_size=64)
    torch.save(own.state_dict(), tmp_path / "w.pth")
    trained = load_pretrained(
        PretrainedSettings(
            architecture="timm/test_vit", weights=str(tmp_path / "w.pth"), image_size=64, input_size=64, **OWN
        )
    )
    network_file.save_networks(tmp_path / "n.npz", [trained.__class__(**{**vars(trained), "options": options})], {})
    with pytest.raises(FoolingError):
        load_network(tmp_path / "n.npz")
