"""One thread for the tests' own computations: networks this small only lose by more. The same examples each time.

`pytest --hypothesis-profile explore` looks for new ones, more of them where a test does not set their number.
"""

from pathlib import PurePosixPath

import pytest
import torch
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

torch.set_num_threads(1)
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("repeatable")

LONG = ("workflow", "faults")
"""Folders whose tests share a run of the workflow."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard the soak, the injection of faults and the fuzzing are."""
    parser.addoption("--kills", type=int, default=2, help="SIGKILLs over each run of evolution in test_soak.py [2]")
    parser.addoption("--faults", type=int, default=1, help="faults of each kind in tests/faults [1]; 10 give over 100")
    parser.addoption("--inputs", type=int, default=2000, help="files that tests/fuzz damages and reads, in all [2000]")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of `LONG` begin first."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


class _Files(LoadScopeScheduling):
    """Hands whole files to the processes of `make test`, and whole folders of `LONG`."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(nodeid.partition("::")[0])
        return file.parent.name if file.parent.name in LONG else str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Files:
    """Share the tests out by what they have in common."""
    return _Files(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what the fuzzing has tried."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    counts = [dict(report.user_properties) for report in reports if report.when == "call"]
    tried, refused, crashes = (sum(count.get(name, 0) for count in counts) for name in ("inputs", "refused", "crashes"))
    if tried:
        terminalreporter.write_line(f"Fuzzing: {tried:,} damaged files read, {refused:,} refused, {crashes:,} crashes.")
