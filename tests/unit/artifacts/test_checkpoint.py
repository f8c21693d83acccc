import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

FINGERPRINT = {"step": "evolve", "settings": {"generations": 200, "snapshots": (0, 10)}, "code": {"fooling.a": "1f"}}
OTHER = {**FINGERPRINT, "settings": {"generations": 100, "snapshots": (0, 10), "batch": 5}}
ARRAYS = {"a/genes": np.arange(6, dtype=np.float32).reshape(2, 3), "count": np.array(7)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return checkpoint_path(tmp_path / "fooling_set.npz")


def stale(path: Path) -> Path:
    return path.with_name("fooling_set.checkpoint.stale.npz")


def test_checkpoint_lies_beside_the_output():
    assert checkpoint_path(Path("run/fooling_set.npz")) == Path("run/fooling_set.checkpoint.npz")


def test_saved_state_is_read_back(path):
    assert Checkpoint(path, FINGERPRINT, 60).load() is None
    Checkpoint(path, FINGERPRINT, 60).save({"kind": "of mine", "iteration": 3}, ARRAYS)
    header, arrays = Checkpoint(path, FINGERPRINT, 60).load()
    assert header == {"kind": "of mine", "iteration": 3}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(arrays[name], array)


def test_a_later_checkpoint_replaces_the_earlier_one(path):
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    checkpoint.save({"iteration": 1}, ARRAYS)
    checkpoint.save({"iteration": 2}, {})
    assert checkpoint.load() == ({"iteration": 2}, {})
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_other_work_is_set_aside_by_the_names_of_what_differs(path, caplog):
    Checkpoint(path, FINGERPRINT, 60).save({}, ARRAYS)
    whole = path.read_bytes()
    assert Checkpoint(path, OTHER, 60).load() is None
    assert [file.name for file in path.parent.iterdir()] == ["fooling_set.checkpoint.stale.npz"]
    assert stale(path).read_bytes() == whole
    (sentence,) = caplog.messages
    assert f"{path} is the checkpoint of other work" in sentence
    assert "undo the change of settings.batch, settings.generations to continue" in sentence
    assert "kept as fooling_set.checkpoint.stale.npz" in sentence


def test_many_differences_are_counted_not_listed(path, caplog):
    Checkpoint(path, {}, 60).save({}, ARRAYS)
    assert Checkpoint(path, {str(key): key + 1 for key in range(8)}, 60).load() is None
    assert "the change of 0, 1, 2, 3, 4 and 3 more to" in caplog.text


def test_work_set_aside_continues_when_the_change_is_undone(path):
    Checkpoint(path, FINGERPRINT, 60).save({"iteration": 1}, {})
    other = Checkpoint(path, OTHER, 60)
    assert other.load() is None
    other.save({"iteration": 2}, {})
    assert Checkpoint(path, FINGERPRINT, 60).load() == ({"iteration": 1}, {})
    assert Checkpoint(path, OTHER, 60).load() == ({"iteration": 2}, {})
    assert sorted(path.parent.iterdir()) == [path, stale(path)]


def test_work_set_aside_survives_the_completion_of_the_other(path):
    Checkpoint(path, FINGERPRINT, 60).save({"iteration": 1}, {})
    other = Checkpoint(path, OTHER, 60)
    assert other.load() is None
    other.discard()
    assert Checkpoint(path, FINGERPRINT, 60).load() == ({"iteration": 1}, {})
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"", lambda _: b"<html>"])
def test_a_damaged_checkpoint_is_set_aside(path, damage, caplog):
    Checkpoint(path, FINGERPRINT, 60).save({}, ARRAYS)
    path.write_bytes(damage(path.read_bytes()))
    assert Checkpoint(path, FINGERPRINT, 60).load() is None
    assert list(path.parent.iterdir()) == [stale(path)]
    assert f"{path} is damaged; it is kept as {stale(path).name}, and the work starts anew." in caplog.messages


@pytest.mark.parametrize("wrong", [{"header": 3}, {"fingerprint": []}, {}])
def test_a_checkpoint_with_another_header_is_set_aside(path, wrong, caplog):
    save_arrays(path, "checkpoint", wrong, ARRAYS)
    assert Checkpoint(path, FINGERPRINT, 60).load() is None
    assert f"{path} is damaged; it is kept as {stale(path).name}" in caplog.text


def test_a_state_that_does_not_fit_is_set_aside_and_does_not_return(path, caplog):
    Checkpoint(path, FINGERPRINT, 60).save({"iteration": 1}, ARRAYS)
    for place in (path, stale(path)):
        assert place.exists()
        assert Checkpoint(path, FINGERPRINT, 60).load(lambda header, _: header["iteration"] != 1) is None
        assert list(path.parent.iterdir()) == [stale(path)]
    assert caplog.text.count("is damaged; it is kept as") == 1
    assert Checkpoint(path, FINGERPRINT, 60).load(lambda _, arrays: "count" in arrays) == ({"iteration": 1}, ANY)


def test_a_checkpoint_is_due_when_the_interval_has_passed(path, monkeypatch):
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    assert not checkpoint.due()
    now += 60
    assert checkpoint.due()
    checkpoint.save({}, {})
    assert not checkpoint.due()


def test_discard_deletes_and_does_not_mind_absence(path):
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    checkpoint.save({}, {})
    checkpoint.discard()
    checkpoint.discard()
    assert not path.exists()


def test_previous_handler_returns_even_after_an_error(path):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(FoolingError), Checkpoint(path.parent, FINGERPRINT, 60) as checkpoint:
        checkpoint.save({}, {})
    assert signal.getsignal(signal.SIGTERM) == before


WORK = """
import sys, time
from pathlib import Path
import numpy as np
from fooling.artifacts.checkpoint import Checkpoint

with Checkpoint(Path(sys.argv[1]), {}, 3600) as checkpoint:
    print("started", flush=True)
    for step in range(6000):
        time.sleep(0.01)
        if checkpoint.due():
            checkpoint.save({"step": step}, {"square": np.array(step**2)})
"""


def test_sigterm_saves_and_exits_with_143(path):
    process = subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 143
    header, arrays = Checkpoint(path, {}, 60).load()
    assert 0 <= header["step"] < 5999
    assert arrays["square"] == header["step"] ** 2
