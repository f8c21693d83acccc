"""Every configuration file that people have, and every path in it."""

import re
from pathlib import Path

import pytest
from cases.configurations import FILES, PATHS, read, read_path

from fooling.errors import FoolingError


@pytest.mark.parametrize(("content", "reason"), FILES.values(), ids=FILES.keys())
def test_a_file_is_read_or_its_fault_is_told(content: bytes, reason: str, tmp_path: Path) -> None:
    if reason:
        with pytest.raises(FoolingError, match=re.escape(reason)):
            read(content, tmp_path)
    else:
        assert read(content, tmp_path) == "read: mine"


@pytest.mark.parametrize(("path", "reason"), PATHS.values(), ids=PATHS.keys())
def test_a_path_that_leads_nowhere_is_told(path: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FoolingError, match=re.escape(reason)):
        read_path(path, tmp_path)
