"""Checkpoints as people have them; `cases.checkpoints` lists the kinds."""

import json
import logging
import re
import warnings

import pytest
import torch
from cases.checkpoints import CASES, KINDS, LENET, Kind, trained, weights

from fooling.errors import FoolingError
from fooling.networks.zoo import check_pretrained, load_pretrained
from fooling.settings.pretrained import PretrainedSettings


def logits(network: torch.nn.Module, settings: dict) -> torch.Tensor:
    side = settings["image_size"]
    channels = 1 if settings["architecture"] == "lenet" else 3
    with torch.inference_mode():
        return network(torch.randn(4, channels, side, side, generator=torch.Generator().manual_seed(3)))


@pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in KINDS.items()])
def test_each_kind_of_checkpoint_is_read_rightly_or_told_in_one_sentence(kind: Kind, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind.says is not None:
            with pytest.raises(FoolingError, match=kind.says) as told:
                kind.load(tmp_path)
            assert len(str(told.value)) < 1000
            return
        read = kind.load(tmp_path)
    expected = logits(trained(kind.settings, kind.seed), kind.settings)
    torch.testing.assert_close(logits(read.network, kind.settings), expected, rtol=kind.tolerance, atol=kind.tolerance)
    assert all(value.dtype in {torch.float32, torch.int64} for value in read.network.state_dict().values())


def test_the_list_of_cases_has_a_sentence_for_each(tmp_path):
    name = "checkpoint: a key too few"
    assert len(CASES) == len(KINDS) > 80
    assert CASES[name](tmp_path).startswith("FOLDER/w.pth holds weights of another network than lenet: it lacks")


def test_what_is_passed_over_and_converted_is_logged(tmp_path, caplog):
    own = {name: value.half() for name, value in weights().items()} | {"total_ops": torch.zeros(1)}
    torch.save({"ema": own}, tmp_path / "w.pth")
    with caplog.at_level(logging.INFO):
        load_pretrained(PretrainedSettings(weights=str(tmp_path / "w.pth"), **LENET))
    assert "passed over total_ops" in caplog.text
    assert "float16; they are converted to float32" in caplog.text
    assert "took the weights from ema" in caplog.text


def test_a_check_before_any_work_finds_the_same_as_the_import(tmp_path):
    torch.save({"a": weights(1), "b": weights(2)}, tmp_path / "w.pth")
    with pytest.raises(FoolingError, match=r"several networks that fit \(a, b\)"):
        check_pretrained(PretrainedSettings(weights=str(tmp_path / "w.pth"), **LENET))


@pytest.mark.parametrize("content", ["{", "[]", json.dumps({"weight_map": {"a": 3}}), json.dumps({"weight_map": {}})])
def test_a_damaged_index_is_told(content, tmp_path):
    (tmp_path / "x.index.json").write_text(content)
    with pytest.raises(FoolingError, match=re.escape("x.index.json is no readable file of weights")):
        load_pretrained(PretrainedSettings(weights=str(tmp_path / "x.index.json"), **LENET))
