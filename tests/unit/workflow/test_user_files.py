import json
import os
import shutil
import time

import pytest

from fooling.workflow import user_files
from fooling.workflow.user_files import user_file_digests


@pytest.fixture
def weights(tmp_path):
    (tmp_path / "w.pth").write_bytes(b"new" * 1000)
    (tmp_path / "old.pth").write_bytes(b"old" * 1000)
    os.utime(tmp_path / "old.pth", (1, 1))
    return tmp_path / "w.pth"


def test_an_older_file_of_the_same_size_has_another_digest(weights, tmp_path):
    remembered = tmp_path / "cache/digests.json"
    before = user_file_digests([str(weights)], remembered)
    assert user_file_digests([str(weights)], remembered) == before
    shutil.copy2(weights.with_name("old.pth"), weights)  # cp -p
    after = user_file_digests([str(weights)], remembered)
    assert before != after
    assert after[0].startswith(f"{weights}@")


def test_a_date_that_is_put_back_hides_nothing(weights, tmp_path):
    remembered, status = tmp_path / "digests.json", weights.stat()
    before = user_file_digests([str(weights)], remembered)
    time.sleep(0.01)
    weights.write_bytes(b"odd" * 1000)
    os.utime(weights, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert user_file_digests([str(weights)], remembered) != before


def test_a_touched_file_keeps_its_digest_and_a_known_one_is_not_read_again(weights, tmp_path, monkeypatch):
    remembered, read = tmp_path / "digests.json", []
    digest = user_files.file_digest
    monkeypatch.setattr(user_files, "file_digest", lambda path: read.append(path) or digest(path))
    first = user_file_digests([str(weights)], remembered)
    assert user_file_digests([str(weights)], remembered) == first
    assert len(read) == 1
    os.utime(weights)
    assert user_file_digests([str(weights)], remembered) == first
    assert len(read) == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 3}', "\xff"])
def test_a_damaged_memory_is_ignored(content, weights, tmp_path):
    (tmp_path / "digests.json").write_text(content, encoding="latin-1")
    assert user_file_digests([str(weights)], tmp_path / "digests.json") == user_file_digests(
        [str(weights)], tmp_path / "other.json"
    )


def test_a_memory_of_another_shape_is_ignored(weights, tmp_path):
    expected = user_file_digests([str(weights)], tmp_path / "digests.json")
    for wrong in ([], [[1], 2], "x", None):
        (tmp_path / "digests.json").write_text(json.dumps({os.path.realpath(weights): wrong}))
        assert user_file_digests([str(weights)], tmp_path / "digests.json") == expected


def test_without_a_place_to_remember_it_works_still(weights, tmp_path):
    (tmp_path / "file").write_text("")
    assert user_file_digests([str(weights)], tmp_path / "file/digests.json")[0] != f"{weights}@"


def test_a_missing_file_has_no_digest(tmp_path):
    assert user_file_digests([str(tmp_path / "none")], tmp_path / "digests.json") == [f"{tmp_path / 'none'}@"]
