"""One suite for whatever runs the network on a CPU while it judges children; torch is the reference."""

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.classifier import NetworkClassifier, classifier_of
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.openvino_forward import OpenVinoForward
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.evolution import CpuBackend

CPU = torch.device("cpu")
NETWORKS = {"lenet": (1, 28, 28), "convnet": (3, 32, 32), "resnet": (3, 32, 32)}
backends = pytest.mark.parametrize("backend", ["torch", "openvino"])


def sharp(architecture: str, *, views: int = 1, input_size: int | None = None) -> TrainedNetwork:
    """A network with random weights whose confidences range from nearly 0 to nearly 1."""
    shape = NETWORKS[architecture]
    settings = {} if architecture == "lenet" else {"channels": shape[0], "width": 4}
    with torch.random.fork_rng():
        torch.manual_seed(5)
        network = build_network(architecture, 10, **settings)
    preprocessing = Preprocessing(torch.full((1, 1, 1), 100.0), 1 / 64, input_size, views)
    trained = TrainedNetwork(architecture, network.eval(), preprocessing, "none", 10, shape, settings)
    spread = NetworkClassifier(trained, CPU).logits(images(trained, 50).float()).std()
    last = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    with torch.no_grad():
        last.weight.mul_(12 / spread)
        last.bias.mul_(12 / spread)
    return trained


def images(trained: TrainedNetwork, count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randint(256, (count, *trained.image_shape), generator=generator, dtype=torch.uint8)


def judge(trained: TrainedNetwork, backend: CpuBackend, **options: int) -> NetworkClassifier:
    return NetworkClassifier(trained, CPU, cpu_backend=backend, **options)


@backends
@pytest.mark.parametrize("architecture", NETWORKS)
def test_it_agrees_with_torch(backend: CpuBackend, architecture: str) -> None:
    trained = sharp(architecture)
    seen = images(trained, 60)
    reference = torch.log_softmax(NetworkClassifier(trained, CPU).logits(seen.float()).double(), 1)
    scores = judge(trained, backend).log_confidence(seen).double()
    torch.testing.assert_close(scores.exp(), reference.exp(), atol=1e-5, rtol=0)
    told = reference > math.log(1e-12)
    assert reference[told].exp().max() > 0.9
    assert reference[told].min() < math.log(1e-6)
    torch.testing.assert_close(scores[told], reference[told], atol=1e-4, rtol=0)


@backends
@pytest.mark.parametrize("count", [0, 1, 4, 13])
def test_threads_and_batches_change_no_byte(backend: CpuBackend, count: int) -> None:
    trained = sharp("convnet")
    seen = images(trained, count)
    expected = judge(trained, backend, batch_size=4).log_confidence(seen)
    assert expected.shape == (count, 10)
    assert torch.equal(judge(trained, backend, batch_size=4, threads=3).log_confidence(seen), expected)
    assert torch.equal(judge(trained, backend, batch_size=4).log_confidence(seen), expected)


@backends
def test_views_and_members_are_averaged(backend: CpuBackend) -> None:
    members = [sharp("convnet", views=10, input_size=24), sharp("resnet", input_size=28)]
    seen = images(members[0], 5)
    scores, reference = (
        classifier_of(members, CPU, cpu_backend=chosen).log_confidence(seen) for chosen in (backend, "torch")
    )
    torch.testing.assert_close(scores, reference, atol=1e-4, rtol=0)


def test_gradients_and_features_stay_torchs() -> None:
    trained = sharp("convnet")
    plain, compiled = judge(trained, "torch"), judge(trained, "openvino")
    seen = images(trained, 3)
    assert torch.equal(compiled.features(seen), plain.features(seen))
    pixels = [seen.float().requires_grad_() for _ in range(2)]
    gradients = [
        torch.autograd.grad(judged.logits(leaf)[:, 3].sum(), leaf)[0]
        for judged, leaf in zip((plain, compiled), pixels, strict=True)
    ]
    assert torch.equal(*gradients)


@backends
@pytest.mark.parametrize("encoding", ["cppn", "direct"])
def test_evolution_says_what_judged(
    backend: CpuBackend, encoding: str, network: Path, run_main: Callable[..., int], tmp_path: Path
) -> None:
    step = f"fooling.steps.evolution.evolve_{encoding}"
    for threads in (1, 2):
        folder = tmp_path / str(threads)
        files = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}
        paths = [part for name, file in files.items() for part in (f"--{name}", folder / file)]
        numbers = ("--seed", 3, "--generations", 4, "--batch", 20, "--snapshots", "[]", "--threads", threads)
        assert run_main(step, "--network", network, *paths, *numbers, "--cpu-backend", backend) == 0
    one, two = (np.load(tmp_path / name / "elites.npz") for name in ("1", "2"))
    assert all(np.array_equal(one[key], two[key]) for key in one.files if key.startswith("genomes"))
    recorded = json.loads((tmp_path / "1/fooling_set.provenance.json").read_text())["settings"]
    assert recorded["cpu_backend"] == backend
    assert ("openvino" in recorded) == (backend == "openvino")


def test_bfloat16_is_torchs_alone(network: Path, run_main: Callable[..., int], capsys: pytest.CaptureFixture) -> None:
    paths = ("--network", network, "--output", "a.npz", "--history", "a.csv", "--elites", "e.npz", "--seed", 1)
    flags = ("--cpu-backend", "openvino", "--precision", "bfloat16")
    assert run_main("fooling.steps.evolution.evolve_cppn", *paths, *flags) == 1
    assert "openvino judges in float32 alone" in capsys.readouterr().err


def test_what_cannot_be_compiled_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange(nn.Module):
        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return torch.special.bessel_j0(inputs).flatten(1)

    with pytest.raises(FoolingError, match=r"OpenVINO cannot compile this network .*; set cpu_backend to torch"):
        OpenVinoForward(Strange(), (1, 4, 4), threads=1)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(FoolingError, match="needs the package openvino"):
        judge(sharp("lenet"), "openvino")
