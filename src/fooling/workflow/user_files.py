"""Digests of the user's files, as parameters of the rules that read them.

Snakemake compares dates, so that an older file in the place of a newer one (`cp -p`, `rsync -a`) goes unseen, and a
touched one counts. A digest tells content. It is computed once for each state of a file, and remembered.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fooling.artifacts.provenance import file_digest
from fooling.artifacts.storage import save_with
from fooling.errors import FoolingError

REMEMBERED = Path(".snakemake/fooling/file_digests.json")
"""From the working folder, beside what else Snakemake remembers."""
_MOST = 1000


def user_file_digests(paths: Iterable[str], remembered: Path = REMEMBERED) -> list[str]:
    """Return `path@digest` for each file; one that cannot be read has no digest, since its reader says why.

    Args:
        paths: the files.
        remembered: where digests are kept, if that can be written.
    """
    known = _read(remembered)
    digests, news = [], False
    for path in paths:
        state = _state(path)
        if state is None:
            digests.append(f"{path}@")
            continue
        name = os.path.realpath(path)
        entry = known.pop(name, None)
        if not _is_entry(entry) or entry[0] != state:
            try:
                entry, news = [state, file_digest(Path(path))], True
            except FoolingError:
                digests.append(f"{path}@")
                continue
        known[name] = entry  # last, where the latest ones are
        digests.append(f"{path}@{entry[1][:16]}")
    if news:
        _write(remembered, dict(list(known.items())[-_MOST:]))
    return digests


def _state(path: str) -> list[int] | None:
    """Return what changes whenever a file is written or replaced, whatever date it is given."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns]


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], str)


def _read(remembered: Path) -> dict[str, Any]:
    try:
        known = json.loads(remembered.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(remembered: Path, known: dict[str, Any]) -> None:
    # Without it the digests are computed again the next time.
    with contextlib.suppress(FoolingError, OSError):
        save_with(remembered, lambda temporary: temporary.write_text(json.dumps(known)))
