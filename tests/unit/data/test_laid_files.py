"""Whatever users lay into the folder of a data set is used if it is intact, offline."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from cases.data import CONTENTS, LAID, lay

from fooling.data.fetch import CIFAR10
from fooling.errors import FoolingError


@pytest.mark.parametrize(("files", "reason"), LAID.values(), ids=LAID.keys())
def test_it_is_used_or_its_fault_is_told(files: Mapping[str, bytes], reason: str, tmp_path: Path) -> None:
    if reason:
        with pytest.raises(FoolingError, match=re.escape(reason)):
            lay(files, tmp_path)
        return
    lay(files, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in CONTENTS} == CONTENTS


def test_cifar10s_archive_has_its_authors_name() -> None:
    assert CIFAR10.archive == ("cifar-10-binary.tar.gz", "cifar-10-batches-bin")
