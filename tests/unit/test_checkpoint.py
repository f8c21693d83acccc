import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fooling.checkpoint import Checkpoint, checkpoint_path
from fooling.errors import FoolingError

FINGERPRINT = {"step": "evolve", "settings": {"generations": 200, "snapshots": (0, 10)}, "code": {"fooling.a": "1f"}}
ARRAYS = {"a/genes": np.arange(6, dtype=np.float32).reshape(2, 3), "count": np.array(7)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return checkpoint_path(tmp_path / "fooling_set.npz")


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


def test_other_work_is_refused_by_the_names_of_what_differs(path):
    Checkpoint(path, FINGERPRINT, 60).save({}, ARRAYS)
    other = {**FINGERPRINT, "settings": {"generations": 100, "snapshots": (0, 10), "batch": 5}}
    with pytest.raises(FoolingError, match=r"differs in settings\.batch, settings\.generations\); delete it") as error:
        Checkpoint(path, other, 60).load()
    assert "snapshots" not in str(error.value)


def test_many_differences_are_counted_not_listed(path):
    Checkpoint(path, {}, 60).save({}, ARRAYS)
    with pytest.raises(FoolingError, match=r"differs in 0, 1, 2, 3, 4 and 3 more\)"):
        Checkpoint(path, {str(key): key + 1 for key in range(8)}, 60).load()


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"", lambda _: b"<html>"])
def test_damaged_checkpoint_is_one_sentence(path, damage):
    Checkpoint(path, FINGERPRINT, 60).save({}, ARRAYS)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FoolingError, match="not a readable checkpoint"):
        Checkpoint(path, FINGERPRINT, 60).load()


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
        checkpoint.load()
    assert signal.getsignal(signal.SIGTERM) == before


WORK = """
import sys, time
from pathlib import Path
import numpy as np
from fooling.checkpoint import Checkpoint

with Checkpoint(Path(sys.argv[1]), {}, 3600) as checkpoint:
    print("started", flush=True)
    for step in range(1000):
        time.sleep(0.01)
        if checkpoint.due():
            checkpoint.save({"step": step}, {"square": np.array(step**2)})
"""


def test_sigterm_saves_and_exits_with_143(path):
    process = subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 143
    header, arrays = Checkpoint(path, {}, 60).load()
    assert 0 <= header["step"] < 999
    assert arrays["square"] == header["step"] ** 2
