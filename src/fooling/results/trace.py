"""Trace a result back to its sources: each step on the way, its settings, code, versions and inputs.

In: a figure, a table or any other result. Out, on the terminal: a tree that ends at checksummed data files, weights
and tables of the repository; or all that is recorded, as JSON. What is no longer as it was recorded is named, and the
exit code is then 3. Paths are those of the folder in which the workflow ran: call it there.

    python -m fooling.results.trace results/default/figures/figure_05.png
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fooling.artifacts.provenance import file_digest, module_digest, provenance_path
from fooling.command_line import run_step, step_parser
from fooling.data.raw_files import RAW_FILES
from fooling.errors import FoolingError

BESIDE = {"history": "fooling_set", "elites": "fooling_set", "scores": "transfer", "recognition": "rounds"}
"""By the stem of a step's further output, that of the output which its record is named after."""


@dataclass(frozen=True)
class Traced:
    """One file on the way.

    Attributes:
        path: of the file.
        sha256: of the file as it is; None if it is missing.
        record: of the step that made it; None for a source.
        inputs: the files that the step read, each with the sha256 that it had then.
    """

    path: Path
    sha256: str | None
    record: dict[str, Any] | None
    inputs: tuple[tuple["Traced", str], ...]

    def walk(self) -> Iterator["Traced"]:
        """Yield this file and all behind it, each once."""
        seen: dict[Path, Traced] = {}
        waiting = [self]
        while waiting:
            traced = waiting.pop()
            if traced.path not in seen:
                seen[traced.path] = traced
                waiting += [found for found, _ in reversed(traced.inputs)]
        yield from seen.values()

    def source(self) -> str:
        """Return what a file without recorded inputs comes from."""
        if self.record is not None:
            settings = self.record["settings"]
            named = "architecture" in settings
            return f"the published weights of {settings['architecture']}" if named else "its settings alone"
        for name, files in RAW_FILES.items():
            if self.sha256 in {file.digest for file in files}:
                return f"{name}, with the published checksum"
        return "a source, made by no step"

    def plain(self) -> dict[str, Any]:
        """Return what is known of the file alone, as JSON-able values."""
        known = {"sha256": self.sha256, "record": self.record}
        return known if self.inputs else {**known, "source": self.source()}

    def changes(self) -> list[str]:
        """Return a sentence for each input and for the code that is not as recorded."""
        if self.record is None:
            return []
        changed = [
            f"{traced.path} is missing." if traced.sha256 is None else f"{traced.path} has changed since {self.path}."
            for traced, recorded in self.inputs
            if traced.sha256 != recorded
        ]
        modules = [name for name, digest in self.record["code"].items() if module_digest(name) != digest]
        if modules:
            changed.append(f"The code of {self.path} has changed since: {', '.join(modules)}.")
        return changed


@cache
def trace(path: Path) -> Traced:
    """Return a file with all that it was made from; paths in records are taken from the present folder."""
    is_record = path.name.endswith(".provenance.json")
    record_path = path if is_record else provenance_path(path.with_stem(BESIDE.get(path.stem, path.stem)))
    sha256 = file_digest(path) if path.is_file() else None
    if not record_path.is_file():
        return Traced(path, sha256, None, ())
    try:
        record = json.loads(record_path.read_text(encoding="utf-8"))
        inputs = [(Path(name), entry["sha256"]) for name, entry in zip(record["paths"], record["inputs"], strict=True)]
    except (ValueError, KeyError, TypeError) as error:
        raise FoolingError(f"{record_path} is no readable provenance record; make {path} again.") from error
    return Traced(path, sha256, record, tuple((trace(name), recorded) for name, recorded in inputs))


def tree(traced: Traced) -> Iterator[str]:
    """Yield the lines of the tree, each step described where it appears first."""
    yield f"{traced.path}  {_short(traced.sha256)}"
    yield from _below(traced, "", set())


def _below(traced: Traced, margin: str, told: set[Path]) -> Iterator[str]:
    told.add(traced.path)
    stem = margin + ("│  " if traced.inputs else "   ")
    yield from (stem + line for line in _described(traced))
    for number, (found, recorded) in enumerate(traced.inputs, start=1):
        last = number == len(traced.inputs)
        state = "" if found.sha256 == recorded else ", missing" if found.sha256 is None else ", CHANGED SINCE"
        again = "  (see above)" if found.path in told and found.inputs else ""
        yield f"{margin}{'└─ ' if last else '├─ '}{found.path}  {_short(recorded)}{state}{again}"
        if not again:
            yield from _below(found, margin + ("   " if last else "│  "), told)


def _described(traced: Traced) -> Iterator[str]:
    record = traced.record
    if record is not None:
        settings = {name: value for name, value in record["settings"].items() if value is not None}
        versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
        code = hashlib.sha256(json.dumps(record["code"], sort_keys=True).encode()).hexdigest()
        yield f"{record['step']}, {record['duration_seconds']:.1f} s on {record['machine']['platform']}"
        if settings:
            yield "settings: " + ", ".join(f"{name} {json.dumps(value)}" for name, value in settings.items())
        yield f"versions: {versions}"
        yield f"code: {len(record['code'])} modules, together {code[:12]}"
    if not traced.inputs:
        yield f"from {traced.source()}"


def _short(sha256: str | None) -> str:
    return f"sha256 {sha256[:12]}" if sha256 else "missing"


def main() -> None:
    """Parse the command line, trace, print."""
    parser = step_parser(main)
    parser.add_argument("result", type=Path, help="a figure, a table or any other result")
    parser.add_argument("--json", action="store_true", help="print all that is recorded")
    arguments = parser.parse_args()
    traced = trace(arguments.result)
    if traced.sha256 is None:
        raise FoolingError(f"There is no file {traced.path}; give a figure, a table or another result.")
    if traced.record is None:
        raise FoolingError(f"{traced.path} has no provenance record beside it; make it again to have one.")
    files = list(traced.walk())
    changes = [change for file in files for change in file.changes()]
    if arguments.json:
        plain = {str(file.path): file.plain() for file in files}
        print(json.dumps({"result": str(traced.path), "files": plain, "changes": changes}, indent=1))
    else:
        print("\n".join(tree(traced)))
        print("\n".join(["", *changes]) if changes else f"\nAll {len(files)} files and the code are as recorded.")
    if changes:
        sys.exit(3)


if __name__ == "__main__":
    run_step(main)
