import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

FINGERPRINT = {"step": "evolve", "settings": {"generations": 200, "snapshots": (0, 10)}, "code": {"fooling.a": "1f"}}
OTHER = {**FINGERPRINT, "settings": {"generations": 100, "snapshots": (0, 10), "batch": 5}}
ARRAYS = {"a/genes": np.arange(6, dtype=np.float32).reshape(2, 3), "count": np.array(7)}


class Work:
    """Work of which the state is `arrays`; it goes on from states of the same names that are not `refused`."""

    def __init__(self, refused: int = -1, **arrays: object) -> None:
        self.arrays = {name: np.asarray(array) for name, array in (arrays or ARRAYS).items()}
        self.refused = refused

    def state(self) -> dict[str, np.ndarray]:
        return self.arrays

    def fits(self, state: Mapping[str, np.ndarray]) -> bool:
        return state.keys() == self.arrays.keys() and state.get("iteration", 0) != self.refused

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        self.arrays = dict(state)


def iteration_of(path: Path, fingerprint: Mapping[str, object]) -> int | None:
    """Return the iteration from which such work would continue, if any."""
    work = Work(iteration=0)
    return int(work.arrays["iteration"]) if Checkpoint(path, fingerprint, 60).resume(work) else None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return checkpoint_path(tmp_path / "fooling_set.npz")


def stale(path: Path) -> Path:
    return path.with_name("fooling_set.checkpoint.stale.npz")


def test_checkpoint_lies_beside_the_output():
    assert checkpoint_path(Path("run/fooling_set.npz")) == Path("run/fooling_set.checkpoint.npz")


def test_saved_state_is_read_back(path):
    assert not Checkpoint(path, FINGERPRINT, 60).resume(Work())
    Checkpoint(path, FINGERPRINT, 60).save(Work())
    work = Work(**{name: np.zeros_like(array) for name, array in ARRAYS.items()})
    assert Checkpoint(path, FINGERPRINT, 60).resume(work)
    assert work.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert work.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(work.arrays[name], array)


def test_a_later_checkpoint_replaces_the_earlier_one(path):
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    checkpoint.save(Work(iteration=1))
    checkpoint.save(Work(iteration=2))
    assert iteration_of(path, FINGERPRINT) == 2
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_other_work_is_set_aside_by_the_names_of_what_differs(path, caplog):
    Checkpoint(path, FINGERPRINT, 60).save(Work())
    whole = path.read_bytes()
    assert not Checkpoint(path, OTHER, 60).resume(Work())
    assert [file.name for file in path.parent.iterdir()] == ["fooling_set.checkpoint.stale.npz"]
    assert stale(path).read_bytes() == whole
    (sentence,) = caplog.messages
    assert f"{path} is the checkpoint of other work" in sentence
    assert "undo the change of settings.batch, settings.generations to continue" in sentence
    assert "kept as fooling_set.checkpoint.stale.npz" in sentence


def test_many_differences_are_counted_not_listed(path, caplog):
    Checkpoint(path, {}, 60).save(Work())
    assert not Checkpoint(path, {str(key): key + 1 for key in range(8)}, 60).resume(Work())
    assert "the change of 0, 1, 2, 3, 4 and 3 more to" in caplog.text


def test_work_set_aside_continues_when_the_change_is_undone(path):
    Checkpoint(path, FINGERPRINT, 60).save(Work(iteration=1))
    other = Checkpoint(path, OTHER, 60)
    assert not other.resume(Work())
    other.save(Work(iteration=2))
    assert iteration_of(path, FINGERPRINT) == 1
    assert iteration_of(path, OTHER) == 2
    assert sorted(path.parent.iterdir()) == [path, stale(path)]


def test_work_set_aside_survives_the_completion_of_the_other(path):
    Checkpoint(path, FINGERPRINT, 60).save(Work(iteration=1))
    other = Checkpoint(path, OTHER, 60)
    assert not other.resume(Work())
    other.discard()
    assert iteration_of(path, FINGERPRINT) == 1
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"", lambda _: b"<html>"])
def test_a_damaged_checkpoint_is_set_aside(path, damage, caplog):
    Checkpoint(path, FINGERPRINT, 60).save(Work())
    path.write_bytes(damage(path.read_bytes()))
    assert not Checkpoint(path, FINGERPRINT, 60).resume(Work())
    assert list(path.parent.iterdir()) == [stale(path)]
    assert f"{path} is damaged; it is kept as {stale(path).name}, and the work starts anew." in caplog.messages


@pytest.mark.parametrize("wrong", [{"fingerprint": 3}, {"fingerprint": []}, {}])
def test_a_checkpoint_with_another_header_is_set_aside(path, wrong, caplog):
    save_arrays(path, "checkpoint", wrong, ARRAYS)
    assert not Checkpoint(path, FINGERPRINT, 60).resume(Work())
    assert f"{path} is damaged; it is kept as {stale(path).name}" in caplog.text


def test_a_state_that_does_not_fit_is_set_aside_and_does_not_return(path, caplog):
    Checkpoint(path, FINGERPRINT, 60).save(Work(iteration=1))
    for place in (path, stale(path)):
        assert place.exists()
        assert not Checkpoint(path, FINGERPRINT, 60).resume(Work(iteration=0, refused=1))
        assert list(path.parent.iterdir()) == [stale(path)]
    assert caplog.text.count("is damaged; it is kept as") == 1
    assert iteration_of(path, FINGERPRINT) == 1


def test_a_checkpoint_is_due_when_the_interval_has_passed(path, monkeypatch):
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    assert not checkpoint.due()
    now += 60
    assert checkpoint.due()
    checkpoint.save(Work())
    assert not checkpoint.due()


def test_discard_deletes_and_does_not_mind_absence(path):
    checkpoint = Checkpoint(path, FINGERPRINT, 60)
    checkpoint.save(Work())
    checkpoint.discard()
    checkpoint.discard()
    assert not path.exists()


def test_previous_handler_returns_even_after_an_error(path):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(FoolingError), Checkpoint(path.parent, FINGERPRINT, 60) as checkpoint:
        checkpoint.save(Work())
    assert signal.getsignal(signal.SIGTERM) == before


WORK = """
import sys, time
from pathlib import Path
import numpy as np
from fooling.artifacts.checkpoint import Checkpoint

class Work:
    def state(self):
        return {"step": np.array(self.step), "square": np.array(self.step**2)}

with Checkpoint(Path(sys.argv[1]), {}, 3600) as checkpoint:
    work = Work()
    print("started", flush=True)
    for work.step in range(6000):
        time.sleep(0.01)
        if checkpoint.due():
            checkpoint.save(work)
"""


def test_sigterm_saves_and_exits_with_143(path):
    process = subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 143
    work = Work(step=-1, square=-1)
    assert Checkpoint(path, {}, 60).resume(work)
    assert 0 <= work.arrays["step"] < 5999
    assert work.arrays["square"] == work.arrays["step"] ** 2
