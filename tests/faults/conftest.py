"""One test is one injected fault: `pytest tests/faults --faults 10` injects over a hundred; their number is told."""

import contextlib
import functools
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from disturbed import ASCENDED, FIGURE, ROOT, WorkFolder, check_sentence, wait_until
from mirror import DisturbedMirror

from fooling.artifacts.checkpoint import TERMINATED
from fooling.data.fetch import MNIST, fetch


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "at_most(number): more faults of this kind would tell nothing new")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "number" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("at_most")
        asked = metafunc.config.getoption("--faults")
        metafunc.parametrize("number", range(min(asked, marker.args[0]) if marker else asked))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call" and (kind := dict(report.user_properties).get("fault")):
                counts[kind, outcome] += 1
    if counts:
        terminalreporter.section("injected faults")
        for (kind, outcome), number in sorted(counts.items()):
            terminalreporter.write_line(f"{number:4} {kind}: {outcome}")
        terminalreporter.write_line(f"{counts.total():4} in all")


@pytest.fixture(autouse=True)
def _counted(request: pytest.FixtureRequest) -> None:
    request.node.user_properties.append(("fault", request.node.originalname.removeprefix("test_").replace("_", " ")))


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    """Draw the same moments and places for a test each time."""
    return Random(request.node.name)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST, fetched unless the working tree has it."""
    if all((ROOT / "data/mnist" / file.name).is_file() for file in MNIST.files):
        return ROOT / "data/mnist"
    folder = tmp_path_factory.mktemp("data")
    fetch(MNIST, folder)
    return folder


@pytest.fixture(scope="session")
def mirror(data: Path) -> Iterator[DisturbedMirror]:
    with DisturbedMirror(data) as server:
        yield server


@pytest.fixture(scope="session")
def undisturbed(mirror: DisturbedMirror, tmp_path_factory: pytest.TempPathFactory) -> WorkFolder:
    """The workflow after a run that nothing has disturbed."""
    folder = WorkFolder(tmp_path_factory.mktemp("faults") / "undisturbed", {}, mirror.address)
    folder.path.mkdir()
    targets = [str(FIGURE), str(ASCENDED)]
    ended = folder.snakemake(*targets)
    assert ended.status == 0, ended.told
    check_sentence(ended.told)
    lines = re.findall(r"^(?:local)?rule (\w+):\n(?:.*\n)*?Shell command: (.*)$", ended.told, re.MULTILINE)
    return WorkFolder(folder.path, dict(lines), mirror.address)


@pytest.fixture(scope="session")
def unfinished(undisturbed: WorkFolder, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], WorkFolder]:
    """Return what gives, for a long step, the folder in which SIGTERM has interrupted it."""

    @functools.cache
    def interrupt(rule: str) -> WorkFolder:
        folder = undisturbed.without(tmp_path_factory.mktemp("unfinished") / rule, rule)
        for _ in range(5):
            program = folder.start(rule)
            wait_until(lambda program=program: folder.has_checkpoint() or not program.running())
            with contextlib.suppress(ProcessLookupError):
                program.signal_group(signal.SIGTERM)
            ended = program.wait()
            if ended.status == TERMINATED:
                return folder
            assert ended.status in {0, -signal.SIGTERM}, ended.told
            folder.remove(rule)  # it had come to its end
        pytest.fail(f"{rule} always ends before it can be interrupted")

    return interrupt
