import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from small import small_origin

from fooling.artifacts.features import load_features
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.command_line import run_step
from fooling.errors import FoolingError
from fooling.experiments.embedding import embed
from fooling.networks.classifier import EnsembleClassifier, load_classifier
from fooling.steps.experiments.embed import main


def make_set(seed: int, count: int = 4, side: int = 28, network: str = "lenet-0") -> FoolingSet:
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (count, 1, side, side)).astype(np.uint8)
    column = np.zeros(count, dtype=np.int64)
    origin = small_origin(network=network)
    confidence = column.astype(np.float32)
    return FoolingSet(images, np.arange(count), confidence, column + 5, column, column + seed, origin, {})


@pytest.fixture
def sets() -> dict[str, FoolingSet]:
    """Return two sets of which images 0 and 2 of the first, and 1 of the second, are one."""
    first, second = make_set(1), make_set(2)
    first.images[2] = second.images[1] = first.images[0]
    return {"first": first, "second": second}


def test_each_row_has_its_own_images_features(
    network: Path, device: torch.device, sets: dict[str, FoolingSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fooling.experiments.embedding.IMAGES_AT_ONCE", 2)
    classifier = load_classifier(network, device)
    features = embed(sets, classifier, "lenet-1", {})
    assert features.fooling_set.tolist() == [0] * 4 + [1] * 4
    assert features.target.tolist() == [0, 1, 2, 3] * 2
    assert features.run.tolist() == [1] * 4 + [2] * 4
    assert features.image.tolist() == [0, 1, 0, 2, 3, 0, 4, 5]
    images = np.concatenate([one.images for one in sets.values()])
    alone = [classifier.features(torch.from_numpy(image[None]).to(device))[0].cpu().numpy() for image in images]  # type: ignore[attr-defined]
    np.testing.assert_allclose(features.values, np.stack(alone), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(features.values[[0, 0]], features.values[[2, 5]])


def test_only_final_images_are_embedded(network: Path) -> None:
    snapshots = make_set(1)
    snapshots.target[:2] = 3
    snapshots.generation[:2] = 4
    features = embed({"": snapshots}, load_classifier(network, torch.device("cpu")), "lenet-1", {})
    assert features.target.tolist() == [2, 3]


def test_what_cannot_be_embedded_is_told(network: Path) -> None:
    classifier = load_classifier(network, torch.device("cpu"))
    cases = {
        "was made against lenet-1": make_set(1, network="lenet-1"),
        "holds images of the shape": make_set(1, side=32),
        "hold no image": make_set(1, count=0),
    }
    for message, fooling_set in cases.items():
        with pytest.raises(FoolingError, match=message):
            embed({"a set": fooling_set}, classifier, "lenet-1", {})
    with pytest.raises(FoolingError, match="is an ensemble"):
        embed({"a set": make_set(1)}, EnsembleClassifier([classifier, classifier]), "lenets", {})


def test_the_step_writes_features_and_provenance(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, network: Path, sets: dict[str, FoolingSet]
) -> None:
    paths = [tmp_path / f"{name}.npz" for name in sets]
    for path, fooling_set in zip(paths, sets.values(), strict=True):
        save_fooling_set(path, fooling_set)
    output = tmp_path / "features" / "mnist.npz"
    arguments = ["embed", "--fooling-sets", *map(str, paths), "--network", str(network), "--output", str(output)]
    monkeypatch.setattr(sys, "argv", arguments)
    run_step(main)
    features = load_features(output)
    assert features.values.shape == (8, 500)
    assert (features.network, len(features.origins)) == ("lenet-1", 2)
    assert (tmp_path / "features" / "mnist.provenance.json").exists()


def test_a_file_given_twice_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["embed", "--fooling-sets", "a.npz", "a.npz", "--network", "n.npz", "--output", str(tmp_path / "o.npz")]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit):
        run_step(main)
    assert "given twice" in capsys.readouterr().err
