"""Kernels are kept in the first folder that can be written, and compiled without one where there is none."""

from pathlib import Path

import numba
import pytest

from fooling.encodings import kernel_cache


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)


def test_beside_the_code_then_in_the_home_folder_then_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "code").mkdir()
    monkeypatch.setattr(kernel_cache, "_FOLDER", tmp_path / "code")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert kernel_cache.writable_cache() == tmp_path / f"code/__pycache__/kernels-{kernel_cache._DIGEST}"
    monkeypatch.setattr(kernel_cache, "_FOLDER", Path("/dev/null/code"))  # which not even root can write
    assert kernel_cache.writable_cache() == tmp_path / f"home/.cache/fooling/kernels-{kernel_cache._DIGEST}"
    monkeypatch.setenv("HOME", "/dev/null/home")
    assert kernel_cache.writable_cache() is None


def test_a_folder_of_the_users_is_the_only_one_that_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert kernel_cache.writable_cache() == tmp_path / f"kernels-{kernel_cache._DIGEST}"
    monkeypatch.setattr(numba.config, "CACHE_DIR", "/dev/null/cache")
    assert kernel_cache.writable_cache() is None


def test_a_full_disk_is_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(kernel_cache.tempfile, "TemporaryFile", full)
    assert kernel_cache.writable_cache() is None
