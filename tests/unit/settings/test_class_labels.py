"""Every file of class names that people have: read as it was meant, or refused with file, line and key."""

import re
from pathlib import Path

import pytest
from cases.texts import TEXTS, configured

from fooling.errors import FoolingError


@pytest.mark.parametrize(("content", "expected"), TEXTS.values(), ids=TEXTS.keys())
def test_it_is_read_or_refused(content: bytes, expected: list[str] | str, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes(content)
    if isinstance(expected, list):
        assert configured(tmp_path / "names.txt") == expected
        return
    with pytest.raises(FoolingError, match=rf"pretrained\.own: labels: .*names\.txt {re.escape(expected)}"):
        configured(tmp_path / "names.txt")


def test_a_file_that_is_missing_is_told_with_the_folder_that_paths_count_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FoolingError, match=rf"there is no file n\.txt in {tmp_path}, the folder that paths count from"):
        configured("n.txt")
    with pytest.raises(FoolingError, match=r"there is no file ~/n\.txt; the tilde stands for itself"):
        configured("~/n.txt")
    with pytest.raises(FoolingError, match=rf"there is no file {tmp_path}/n\.txt\."):
        configured(tmp_path / "n.txt")
