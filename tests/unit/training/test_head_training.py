"""A fooling class that is fitted to a frozen network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from small import small_origin

from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.data.cifar_sheets import binary
from fooling.errors import FoolingError
from fooling.experiments.held_out import load_held_out
from fooling.networks.architectures import build_network
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import TrainedNetwork, load_network, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.settings.datasets import CIFAR10
from fooling.settings.head_training import HeadTrainingSettings
from fooling.steps.evolution import evolve_round
from fooling.steps.experiments import score_retraining
from fooling.steps.training import retrain_head, sample_fooling_class
from fooling.tables.retraining import read_rounds, retraining_html, retraining_table
from fooling.training.head import enlarged, fit, with_fitted_class

SIDE = 16
CPU = torch.device("cpu")


def base_network(classes: int = 5, architecture: str = "convnet", **changes: object) -> TrainedNetwork:
    torch.manual_seed(1)
    options = {"channels": 3, "width": 4} if architecture == "convnet" else {}
    network = build_network(architecture, classes, **options)
    preprocessing = Preprocessing(torch.full((3, 1, 1), 120.0), torch.full((3, 1, 1), 1 / 60), **changes)
    return TrainedNetwork(architecture, network, preprocessing, "imagenet", classes, (3, SIDE, SIDE), options)


def without_bias() -> TrainedNetwork:
    base = base_network()
    base.network.classifier.bias = None
    return base


def with_scaled_logits() -> TrainedNetwork:
    base = base_network()
    base.network.register_forward_hook(lambda _network, _inputs, logits: 2 * logits)
    return base


def kinds(count: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Noise, and dark images of half the side."""
    chance = np.random.default_rng(1)
    fooling = chance.integers(0, 256, (count, 3, SIDE, SIDE), dtype=np.uint8)
    return fooling, chance.integers(0, 60, (2 * count, 3, SIDE // 2, SIDE // 2), dtype=np.uint8)


@pytest.mark.parametrize("penalty", [0.01, 1e-5])
def test_the_fit_minimises_the_softmax_s_cross_entropy(penalty: float) -> None:
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(200, 6, generator=generator, dtype=torch.float64) * torch.arange(1, 7) + 3
    logits = torch.randn(200, 4, generator=generator, dtype=torch.float64)
    is_fooling = features[:, 0] + logits[:, 0] + torch.randn(200, generator=generator) > 4
    weights, bias = fit(features, is_fooling, logits.logsumexp(dim=1), penalty)
    # The same, written as one softmax over five classes, has no slope there.
    weights.requires_grad_()
    free_bias = torch.tensor(bias, requires_grad=True, dtype=torch.float64)
    share = torch.cat([logits, (features @ weights + free_bias)[:, None]], dim=1).softmax(dim=1)[:, -1]
    told = torch.where(is_fooling, share, 1 - share)
    objective = -told.log().mean() + penalty / 2 * (weights * features.std(dim=0)).square().sum()
    for slope in torch.autograd.grad(objective, (weights, free_bias)):
        assert slope.abs().max() < 1e-5


def test_a_fit_without_an_end_is_told() -> None:
    features = torch.full((4, 2), torch.nan, dtype=torch.float64)
    with pytest.raises(FoolingError, match="did not come to its end"):
        fit(features, torch.tensor([True, True, False, False]), torch.zeros(4, dtype=torch.float64), 0.1)


def test_the_other_outputs_stay_and_fooling_images_are_recognised() -> None:
    base, (fooling, natural) = base_network(), kinds()
    trained = with_fitted_class(
        base, fooling[:30], natural[:60], HeadTrainingSettings(), fooling_rounds=2, seed=7, device=CPU
    )
    assert (trained.classes, trained.real_classes, trained.fooling_rounds) == (6, 5, 2)
    assert trained.training["seed"] == 7
    before, after = classifier_of([base], CPU), classifier_of([trained], CPU)
    held_out = torch.from_numpy(np.concatenate([fooling[30:], enlarged(natural[60:], SIDE)]))
    assert torch.equal(after.logits(held_out.float())[:, :5], before.logits(held_out.float()))
    assert (after.log_confidence(held_out).argmax(dim=1) == 5).tolist() == [True] * 10 + [False] * 20


def test_images_are_enlarged_as_photographs_are() -> None:
    images = np.random.default_rng(1).integers(0, 256, (2, 3, 5, 5), dtype=np.uint8)
    expected = Image.fromarray(images[1].transpose(1, 2, 0)).resize((12, 12), Image.Resampling.BICUBIC)
    assert np.array_equal(enlarged(images, 12)[1], np.asarray(expected).transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (base_network(architecture="torchvision/squeezenet1_1"), "does not end in one linear layer"),
        (base_network(views=10, input_size=8), "judged by 10 views; set views to 1"),
        (without_bias(), "does not end in one linear layer"),
        (with_scaled_logits(), "does not end in one linear layer"),
    ],
)
def test_networks_that_do_not_fit_are_refused(base: TrainedNetwork, sentence: str) -> None:
    with pytest.raises(FoolingError, match=sentence):
        with_fitted_class(base, *kinds(), HeadTrainingSettings(), fooling_rounds=1, seed=1, device=CPU)


def test_a_chain_is_fooled_fitted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(step, *given: object) -> None:
        monkeypatch.setattr("sys.argv", [step.__name__, *map(str, given), *(["--threads", "1"] if many(step) else [])])
        step.main()

    def many(step) -> bool:
        return step is not sample_fooling_class

    def evolve(network: Path, number: int) -> None:
        files = ("--output", tmp_path / f"set-{number}.npz", "--history", tmp_path / f"history-{number}.csv")
        few = ("--runs", 2, "--first-seed", number, "--generations", 3, "--batch", 8)
        call(evolve_round, "--network", network, *files, *few)

    base, second, fooling = tmp_path / "base.npz", tmp_path / "base-dnn2.npz", tmp_path / "fooling.npz"
    save_networks(base, [base_network(classes=1000)], {})
    for name in CIFAR10.files:
        (tmp_path / name).write_bytes(binary(np.random.default_rng(1).integers(0, 60, (4, 1024, 3), np.uint8), [1] * 4))
    evolve(base, 1)
    call(sample_fooling_class, "--fooling-set", tmp_path / "set-1.npz", "--seed", 1, "--images", 6, "--output", fooling)
    fitting = ("--network", base, "--data", tmp_path, "--fooling-classes", fooling, "--seed", 2000, "--output", second)
    call(retrain_head, *fitting, "--natural-images", 15)
    once = second.read_bytes()
    call(retrain_head, *fitting, "--natural-images", 15)
    assert second.read_bytes() == once
    assert load_network(second).fooling_rounds == 1
    evolve(second, 2)
    measuring = (
        *("--networks", base, second, "--fooling-classes", fooling),
        *("--fooling-sets", tmp_path / "set-1.npz", tmp_path / "set-2.npz"),
        *("--histories", tmp_path / "history-1.csv", tmp_path / "history-2.csv"),
        *("--rounds", tmp_path / "rounds.csv", "--recognition", tmp_path / "recognition.csv"),
    )
    call(score_retraining, *measuring)
    rounds = read_rounds([tmp_path / "rounds.csv"])
    assert rounds[["fooling_share", "test_error"]].isna().all(axis=None)
    paper = pd.DataFrame(columns=["item"])
    page = retraining_html(retraining_table(rounds, paper, None), paper, None)
    assert "nan" not in page
    assert "frozen but for one further output" in page
    recognition = pd.read_csv(tmp_path / "recognition.csv")
    assert recognition.loc[recognition["images"] == "test", "count"].tolist() == [20]  # the photographs


def test_mistakes_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(dataset: str, natural_images: int) -> str:
        save_networks(tmp_path / "base.npz", [replace(base_network(), dataset=dataset)], {})
        given = ["--network", "base.npz", "--data", ".", "--fooling-classes", "fooling.npz", "--output", "dnn2.npz"]
        given += ["--seed", "1", "--threads", "1", "--natural-images", str(natural_images)]
        monkeypatch.setattr("sys.argv", ["retrain_head", *given])
        with pytest.raises(FoolingError) as told:
            retrain_head.main()
        return str(told.value)

    monkeypatch.chdir(tmp_path)
    for name in CIFAR10.files:
        Path(name).write_bytes(binary(np.zeros((4, 1024, 3), np.uint8), [1] * 4))
    fooling, _ = kinds(4)
    zeros = np.zeros(4, np.int64)
    origin = small_origin(network="base", dataset="imagenet", classes=5)
    columns = (zeros, zeros.astype(np.float32), zeros, zeros, zeros)
    save_fooling_set(tmp_path / "fooling.npz", FoolingSet(fooling, *columns, origin=origin, provenance={}))
    assert (
        refused("cifar10", 10) == "base.npz is a network of cifar10; train it anew with fooling.steps.training.retrain."
    )
    assert refused("imagenet", 21) == ". has 20 training images; lower natural_images."
    with pytest.raises(FoolingError, match="measured by images of cifar10; give its folder"):
        load_held_out(replace(base_network(), dataset="cifar10"), None)
