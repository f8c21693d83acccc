"""Kernels are compiled once and kept where that is possible; where it is not, each process compiles them anew."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba

_FOLDER = Path(__file__).parent
_DIGEST = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_FOLDER.glob("*.py")))).hexdigest()[:16]
"""Numba looks for edits in a kernel's own file alone and would go on with stale functions and constants of the files
beside it; so kernels are kept under a digest of all of them."""


def _folders() -> Iterator[Path]:
    """Yield where kernels may be kept, the best place first: the user's choice, beside the code, in the home folder."""
    if numba.config.CACHE_DIR:
        yield Path(numba.config.CACHE_DIR)
        return
    yield _FOLDER / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path(os.path.expanduser("~"), ".cache"), "fooling")  # noqa: PTH111


def writable_cache() -> Path | None:
    """Return a folder that files can be written to; None in a read-only container, say, or on a full disk."""
    for place in _folders():
        folder = place / f"kernels-{_DIGEST}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
        except OSError:
            continue
        return folder
    return None


CACHE = writable_cache()
if CACHE is not None:
    numba.config.CACHE_DIR = str(CACHE)
compiled = numba.njit(cache=CACHE is not None, nogil=True, error_model="numpy")
"""Compiles a function when it is first called."""
