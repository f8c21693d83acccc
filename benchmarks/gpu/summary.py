"""What came out of the campaign, in one text: first in short, then the stages' logs in full."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.gpu.supervision import Outcome, log_path


def summarise(outcomes: Sequence[Outcome], remarks: Sequence[str], folder: Path) -> str:
    """Return how each stage ended and what it found, as far as the stages have run."""
    parts = [*remarks]
    for outcome in outcomes:
        stage = outcome.stage
        parts.append(f"{stage.name} ({stage.title}): {outcome.words}, {outcome.seconds:.0f} s")
        parts += [_digest(folder / name, stage.rows) for name in stage.results if (folder / name).exists()]
        if outcome.failed:
            parts.append(_indented(_text(log_path(stage, folder)).splitlines()[-12:]))
    return "\n".join(parts) + "\n"


def write_summary(summary: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write summary.txt: the summary, and below it the logs of all stages so far, to travel as one file."""
    logs = [f"\n----- log of {each.stage.name} -----\n{_text(log_path(each.stage, folder))}" for each in outcomes]
    (folder / "summary.txt").write_text(summary + "".join(logs), encoding="utf-8")


def _digest(path: Path, rows: int) -> str:
    head = f"  {path.name}, {path.stat().st_size:,} bytes"
    if path.suffix == ".json":
        facts = json.loads(_text(path))
        return "\n".join([head, *(f"    {name}: {value}" for name, value in facts.items())])
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            header, *lines = list(csv.reader(file))
        step = max(1, -(-len(lines) // rows))
        return "\n".join([head, _table([header, *lines[::-1][::step][::-1]])])  # the last one is always among them
    return head


def _table(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return _indented(["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines])


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
