import numpy as np
import pytest
import torch

from fooling.evolution.archive import Replacements
from fooling.evolution.history import History, is_kept

NOTHING = Replacements(*(torch.empty(0, dtype=torch.int64) for _ in range(4)))


def record(history: History, generations: range) -> None:
    for generation in generations:
        history.record(generation, torch.tensor([0.5, 1 - 1 / (generation + 1), 1.0]), NOTHING)


def test_the_generations_that_are_kept_become_rarer() -> None:
    kept = [generation for generation in range(5001) if is_kept(generation)]
    assert kept[:257] == list(range(257))
    assert kept[257:260] == [258, 260, 262]
    assert {512, 516, 1024, 1032, 4096, 4128} <= set(kept)
    assert not {257, 514, 1028, 4112} & set(kept)
    assert len(kept) < 900


def test_each_class_has_its_confidence_whether_or_not_the_run_was_interrupted() -> None:
    whole, first, resumed = (History(10, 3) for _ in range(3))
    record(whole, range(301))
    record(first, range(270))
    resumed.restore(first.state())
    record(resumed, range(270, 301))
    classes = whole.classes()
    assert all(np.array_equal(classes[name], array) for name, array in resumed.classes().items())
    assert classes["log_confidence"].shape == (len(classes["generation"]), 3)
    assert classes["generation"].tolist() == [generation for generation in range(301) if is_kept(generation)]
    known = classes["log_confidence"][classes["generation"].tolist().index(298)].astype(float)
    assert np.allclose(known, [np.log(0.5), np.log(1 - 1 / 299), 0], rtol=1e-3)
    assert np.isfinite(classes["log_confidence"]).all()


@pytest.mark.parametrize("cells", [1, 2, 5, 10, 1000])
def test_the_statistics_are_numpys_to_the_bit(cells: int) -> None:
    history = History(10, cells)
    confidences = torch.rand(20, cells, generator=torch.Generator().manual_seed(cells))
    for generation, confidence in enumerate(confidences):
        history.record(generation, confidence, NOTHING)
    table, values = history.table(), confidences.numpy().astype(np.float64)
    for name in ("median", "mean", "min", "max"):
        np.testing.assert_array_equal(table[f"{name}_confidence"], getattr(np, name)(values, axis=1))
    assert not table["replacements"].any()
