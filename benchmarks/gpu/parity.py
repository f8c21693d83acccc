r"""Run those tests of the suite that take a device, on this one.

They hold the renderer against the slow reference, archive and mutation against the CPU's, and a run that was cut off
against an undisturbed one. Out, in the folder: parity.json, written after each test. Files whose imports are missing on
this machine are named in it.

    python -m benchmarks.gpu.parity --device cuda --folder results/bench/gpu
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.command_line import bench_parser, prepare
from benchmarks.gpu.scale import scale_on
from fooling.artifacts.storage import save_with
from fooling.command_line import run_step

TESTS = Path("tests/unit")
TAKES_A_DEVICE = re.compile(r"^def test_\w+\([^)]*\bdevice\b", re.MULTILINE)


def main() -> None:
    """Parse the command line, test, save."""
    arguments = bench_parser(main).parse_args()
    device = prepare(arguments)
    files = [path for pattern in scale_on(device.type).tests for path in sorted(TESTS.glob(pattern))]
    chosen = [str(path) for path in files if TAKES_A_DEVICE.search(path.read_text(encoding="utf-8"))]
    tally = Tally(arguments.folder / "parity.json")
    # Without the machine's own plugins, and without the conftest of all tests, whose packages it may lack.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    flags = [f"--confcutdir={TESTS}", "--continue-on-collection-errors", "--tb=no", "-p", "no:cacheprovider"]
    pytest.main([*flags, "-v", "-k", device.type, *chosen], plugins=[tally])
    tally.save()
    sys.exit(int(bool(tally.counts["failed"]) or not tally.counts["passed"]))


class Tally:
    """A plugin of pytest that counts outcomes and writes them down at once.

    Args:
        path: the file to write (.json).
    """

    def __init__(self, path: Path) -> None:
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self._path = path
        self._failed: list[str] = []
        self._not_collected: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test when it has run, or could not begin."""
        if report.when != "call" and report.passed:
            return
        self.counts[report.outcome] += 1
        if report.failed:
            self._failed.append(report.nodeid)
            print(f"\n{report.nodeid}\n{report.longreprtext}")
        self.save()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be imported here."""
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if "Error" in line]
            self._not_collected[report.nodeid] = lines[-1].removeprefix("E").strip() if lines else "see the log"
            print(f"\n{report.nodeid} cannot be collected\n{report.longreprtext}")

    def save(self) -> None:
        """Write what is known."""
        known: dict[str, Any] = {**self.counts, "failures": self._failed, "not_collected": self._not_collected}
        save_with(self._path, lambda path: path.write_text(json.dumps(known, indent=1)))


if __name__ == "__main__":
    run_step(main)
