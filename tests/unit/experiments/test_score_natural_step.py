import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from fooling.data.imagenet.classes import imagenet_classes
from fooling.data.photographs import photographs
from fooling.networks.network_file import save_networks
from fooling.networks.zoo import load_pretrained
from fooling.settings.pretrained import PretrainedSettings

STEP = "fooling.steps.experiments.score_natural"


def test_photographs_are_scored_into_a_table(
    monkeypatch: pytest.MonkeyPatch, run_main: Callable[..., int], tmp_path: Path
) -> None:
    trained = load_pretrained(PretrainedSettings(architecture="efficientnet-lite0"))
    save_networks(tmp_path / "lite0.npz", [trained], {})
    monkeypatch.setattr("fooling.data.imagenet.natural.photographs", lambda: photographs()[:3])
    output = tmp_path / "natural" / "imagenet.csv"
    assert run_main(STEP, "--network", tmp_path / "lite0.npz", "--output", output) == 0
    table = pd.read_csv(output)
    assert list(table) == ["source", "network", "image", "label", "confidence", "top_label", "top_confidence", "right"]
    assert (len(table), set(table["network"]), set(table["source"])) == (3, {"lite0"}, {"photographs"})
    record = json.loads((tmp_path / "natural" / "imagenet.provenance.json").read_text())
    assert record["settings"]["images"] == 3


def test_a_folder_of_photographs_stands_in_for_the_validation_images(
    run_main: Callable[..., int], tmp_path: Path
) -> None:
    save_networks(tmp_path / "lite0.npz", [load_pretrained(PretrainedSettings(architecture="efficientnet-lite0"))], {})
    (path, label), *_ = photographs()
    kind = imagenet_classes()[label].wordnet_id
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / f"{kind}.jpg").write_bytes(path.read_bytes())
    output = tmp_path / "imagenet.csv"
    flags = ("--photographs", tmp_path / "sample", "--output", output)
    assert run_main(STEP, "--network", tmp_path / "lite0.npz", *flags) == 0
    table = pd.read_csv(output)
    assert table[["source", "image", "label", "right"]].to_numpy().tolist() == [["sample", f"{kind}.jpg", label, 1]]


def test_mistakes_are_told_before_anything_is_computed(
    run_main: Callable[..., int], capsys: pytest.CaptureFixture[str], network: Path, tmp_path: Path
) -> None:
    output = tmp_path / "natural.csv"
    cases = {
        "There is no ImageNet folder": ("--network", network, "--imagenet-root", tmp_path / "none"),
        "There is no folder of photographs": ("--network", network, "--photographs", tmp_path / "none"),
        "two of the files share a name": ("--network", network, network),
        "takes images of the shape|has 10 classes": ("--network", network),
    }
    for message, arguments in cases.items():
        assert run_main(STEP, *arguments, "--output", output) == 1
        told = capsys.readouterr().err
        assert any(part in told for part in message.split("|"))
        assert not output.exists()
