import csv
import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fooling.artifacts.storage import load_arrays, save_arrays, save_table, save_with, written_whole
from fooling.errors import FoolingError

ARRAYS = {"numbers": np.arange(6.0).reshape(2, 3), "nothing": np.empty((0, 4), np.uint8), "one": np.array(3)}


@settings(max_examples=50)
@given(
    array=hnp.arrays(
        st.sampled_from([np.uint8, np.int16, np.int64, np.float32, np.float64, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
def test_what_is_saved_is_loaded(array: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("arrays") / "file.npz"
    save_arrays(path, "thing", {"words": ["ä", None], "number": 1.5}, {"array": array})
    header, arrays = load_arrays(path, "thing")
    assert header == {"words": ["ä", None], "number": 1.5}
    assert arrays["array"].dtype == array.dtype
    np.testing.assert_array_equal(arrays["array"], array)


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save_arrays(tmp_path / name, "thing", {"x": 1, "y": 2}, ARRAYS)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text"])
def test_a_damaged_file_is_refused_in_a_sentence(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    save_arrays(path, "thing", {}, {"array": np.random.default_rng(1).integers(255, size=5000)})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged = {"cut": content[: len(content) // 2], "flip": content, "empty": b"", "text": b"<html>no</html>"}
    path.write_bytes(damaged[damage])
    with pytest.raises(FoolingError, match=r"file\.npz is not a readable thing .*delete it and make it again") as told:
        load_arrays(path, "thing")
    assert "pickle" not in str(told.value)


def test_files_of_others_and_of_another_kind_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "foreign.npz", array=np.zeros(3))
    with pytest.raises(FoolingError, match="not a readable thing"):
        load_arrays(tmp_path / "foreign.npz", "thing")
    save_arrays(tmp_path / "other.npz", "other thing", {}, {})
    with pytest.raises(FoolingError, match="holds a other thing, but a thing is needed"):
        load_arrays(tmp_path / "other.npz", "thing")
    with pytest.raises(FoolingError, match="There is no thing at"):
        load_arrays(tmp_path / "missing.npz", "thing")


def test_reading_executes_no_code(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    np.savez(tmp_path / "trap.npz", **{"header.json": np.array([Trap()], dtype=object)})
    with pytest.raises(FoolingError):
        load_arrays(tmp_path / "trap.npz", "thing")
    assert not (tmp_path / "sprung").exists()


def test_a_failing_writer_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FoolingError, match=r"Cannot write .*table\.csv: no space is left on the disk"):
        save_with(path, fail)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["table.csv"]


def test_a_full_disk_in_the_middle_of_a_write(tmp_path: Path) -> None:
    # A file size limit makes the kernel refuse the write in its middle, as a full disk does.
    program = (
        "import resource, signal, sys, numpy as np; from pathlib import Path\n"
        "from fooling.errors import FoolingError\n"
        "from fooling.artifacts.storage import save_arrays\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "array = np.random.default_rng(1).integers(2**60, size=10000)\n"
        "try: save_arrays(Path(sys.argv[1]), 'thing', {}, {'array': array})\n"
        "except FoolingError as error: print(error)\n"
    )
    path = tmp_path / "file.npz"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert "Cannot write" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FoolingError, match="a part of its path is a file"):
        save_arrays(tmp_path / "file" / "x.npz", "thing", {}, {})
    with pytest.raises(FoolingError, match="its folder cannot be made"):
        save_arrays(Path("/proc/nowhere/x.npz"), "thing", {}, {})


KILLED = (
    "import os, signal, sys; from pathlib import Path\n"
    "from fooling.artifacts.storage import written_whole\n"
    "with written_whole(Path(sys.argv[1])) as path:\n"
    "    path.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
)


def test_a_kill_in_the_middle_leaves_nothing_under_the_final_name_and_the_next_writer_cleans_up(tmp_path: Path) -> None:
    path = tmp_path / "file [1].csv"
    others = [tmp_path / ".file [1]-note.csv", tmp_path / ".file [1]-abcdefgh.txt", tmp_path / "file [1]-abcdefgh.csv"]
    for other in others:
        other.write_text("not a writer's")
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
        assert not path.exists()
        assert len(list(tmp_path.iterdir())) == len(others) + 1
    save_with(path, lambda temporary: temporary.write_text("whole"))
    assert set(tmp_path.iterdir()) == {path, *others}


def test_two_writers_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with written_whole(path) as slow:
        slow.write_text("slow")
        save_with(path, lambda temporary: temporary.write_text("quick"))
        assert path.read_text() == "quick"
    assert path.read_text() == "slow"
    assert list(tmp_path.iterdir()) == [path]


def test_the_mode_of_new_files_is_the_users(tmp_path: Path) -> None:
    with written_whole(tmp_path / "file.txt") as path:
        path.write_text("x")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "file.txt").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_table_reads_back_as_it_was(tmp_path: Path) -> None:
    columns = {"whole": np.array([1, -2]), "real": np.array([0.1 + 0.2, 1 - 2**-53])}
    save_table(tmp_path / "table.csv", columns)
    with (tmp_path / "table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["whole"]) for row in rows] == columns["whole"].tolist()
    assert [float(row["real"]) for row in rows] == columns["real"].tolist()
