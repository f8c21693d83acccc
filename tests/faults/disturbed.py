"""A folder in which the workflow, or one of its steps by its shell line, runs and is disturbed."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from fooling.artifacts.provenance import file_digest
from fooling.artifacts.storage import load_arrays
from fooling.errors import FoolingError

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).with_name("config.yaml")
RESULTS = Path("results/faults")
EVOLVED = [RESULTS / f"evolution/mnist/{method}/lenet-1/seed-0/fooling_set.npz" for method in ("direct", "cppn")]
ASCENDED = RESULTS / "ascent/mnist/minus_1/lenet-1/fooling_set.npz"
FIGURE = RESULTS / "figures/elites_mnist.png"
MADE_BY = {
    "fetch_mnist": Path("data/mnist"),
    "train": RESULTS / "networks",
    "evolve_direct": EVOLVED[0].parent,
    "evolve_cppn": EVOLVED[1].parent,
    "ascend": ASCENDED.parent,
    "elites": FIGURE.parent,
}
"""The folder that each rule writes to."""
LONG = ("train", "evolve_direct", "evolve_cppn", "ascend")
"""The rules that have checkpoints."""


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it told."""

    status: int
    told: str


class Program:
    """A running program, the head of its process group."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._told = folder / f"told-{time.monotonic_ns()}.txt"
        with self._told.open("wb") as told:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=told, stderr=told, start_new_session=True
            )

    def running(self) -> bool:
        return self.process.poll() is None

    def signal_group(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def wait(self) -> Ended:
        return Ended(self.process.wait(timeout=300), self._told.read_text())

    def wait_for_group(self) -> None:
        """Wait for those that outlive the head of the group."""
        for _ in range(3000):
            if not any(map(self._lives, psutil.pids())):
                return
            time.sleep(0.1)
        raise TimeoutError

    def _lives(self, pid: int) -> bool:
        try:
            return os.getpgid(pid) == self.process.pid and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except (ProcessLookupError, psutil.NoSuchProcess):
            return False


class WorkFolder:
    """A folder with the data and results of the workflow.

    Args:
        path: the folder.
        lines: each rule's shell line, as Snakemake prints it.
        mirror: address that the data come from.
    """

    def __init__(self, path: Path, lines: Mapping[str, str], mirror: str) -> None:
        self.path = path
        self.lines = lines
        self._mirror = mirror
        # Data come from the mirror alone.
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
        npm = {"npm_config_offline": "true", "npm_config_cache": str(path / "npm")}
        self._environment = {**os.environ, **nowhere, **npm, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}

    def without(self, path: Path, *rules: str) -> "WorkFolder":
        """Return a copy in another place that lacks what these rules have made."""
        for name in ("results", ".snakemake"):
            shutil.copytree(self.path / name, path / name)
        shutil.copytree(self.path / "data", path / "data", copy_function=os.link)
        copy = WorkFolder(path, self.lines, self._mirror)
        for rule in rules:
            copy.remove(rule)
        return copy

    def remove(self, rule: str) -> None:
        """Remove what a rule has made."""
        shutil.rmtree(self.path / MADE_BY[rule])

    def seconds(self, rule: str) -> float:
        """Return how long a step took when Snakemake ran it here."""
        (benchmark,) = (self.path / RESULTS / "benchmarks" / rule).rglob("*.tsv")
        return float(benchmark.read_text().splitlines()[1].split("\t")[0])

    def has_checkpoint(self) -> bool:
        return any((self.path / RESULTS).rglob("*.checkpoint.npz"))

    def start(self, rule: str, *more: str) -> Program:
        """Start a step by its shell line; its output is kept apart from its log."""
        words = shlex.split(self.lines[rule].partition(" > ")[0])
        return Program([sys.executable, *words[1:], *more], self.path, self._environment)

    def run(self, rule: str, *more: str) -> Ended:
        return self.start(rule, *more).wait()

    def start_snakemake(self, *arguments: str) -> Program:
        places = ["--snakefile", str(ROOT / "Snakefile"), "--configfile", str(CONFIG), "--cores", "2"]
        sources = ["--config", f"datasets={json.dumps({'mnist': {'mirror': self._mirror}})}"]
        command = [sys.executable, "-m", "snakemake", *arguments, *places, *sources]
        return Program(command, self.path, self._environment)

    def snakemake(self, *arguments: str) -> Ended:
        return self.start_snakemake(*arguments).wait()

    def files(self) -> dict[str, str]:
        """Return the sha256 of all data and results but those that hold times or that a run needs only on its way."""
        apart = ("provenance.json", "checkpoint.npz", "stale.npz", ".log", ".tsv")
        paths = [path for part in (Path("data"), RESULTS) for path in (self.path / part).rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.path)): file_digest(path)
            for path in paths
            if not path.name.endswith(apart) and not path.name.startswith(".")
        }

    def check_whole(self, undisturbed: "WorkFolder") -> None:
        """Check that every file under a final name is what an undisturbed run makes, or is absent."""
        expected = undisturbed.files()
        for name, digest in self.files().items():
            assert digest == expected[name], f"{name} is damaged"
        for path in (self.path / RESULTS).rglob("*.provenance.json"):
            json.loads(path.read_text())
        for path in (self.path / RESULTS).rglob("*.checkpoint.npz"):
            try:
                load_arrays(path, "checkpoint")
            except FoolingError:
                assert not path.exists()  # a step that goes on without Snakemake may have come to its end

    def check_complete(self, undisturbed: "WorkFolder") -> None:
        """Check that all is as after an undisturbed run, with nothing left over."""
        self.check_whole(undisturbed)
        assert self.files() == undisturbed.files()
        assert [*self.path.rglob(".*-*.*z"), *self.path.rglob("*.checkpoint.npz")] == []


def check_sentence(told: str, *parts: str) -> None:
    """Check that a user reads sentences, and these words among them."""
    assert "Traceback" not in told, told
    assert '  File "' not in told, told
    for part in parts:
        assert part in told, told


def wait_until(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def pass_time(program: Program, seconds: float) -> bool:
    """Let time pass; tell whether the program still runs."""
    end = time.monotonic() + seconds
    while program.running() and time.monotonic() < end:
        time.sleep(0.01)
    return program.running()
