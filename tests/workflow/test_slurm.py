"""The Slurm profile on a real Slurm (tests/slurm/cluster): the whole road, and what happens to jobs on clusters.

Each misfortune befalls a run of its own, all at the same time, behind a checkpoint at which its evolution is stopped.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from conftest import ROOT, Checkout, check_out

NEEDED = ("sbatch", "slurmctld", "slurmd", "munged")
pytestmark = [
    pytest.mark.slurm,
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, NEEDED)),
        reason="needs root and a Slurm: apt-get install --no-install-recommends slurm-wlm munge",
    ),
]

PROFILE = ["--workflow-profile", "profiles/slurm"]
WITHOUT_ACCOUNTING = ["--slurm-no-account", "--slurm-status-command", "squeue"]
IMPATIENT = ["--slurm-init-seconds-before-status-checks", "1"]

FAULTS = """
name: faults
compute: {checkpoint_seconds: 0.1}
networks: {lenet: {seeds: [1], iterations: 20}}
evolution:
  mnist:
    direct: {generations: 1000, batch: 100, snapshots: [], runs: {lenet-1: [0]}}
"""
RUN = "results/faults/evolution/mnist/direct/lenet-1/seed-0/fooling_set.npz"
LOG = "results/faults/logs/evolve_direct/mnist/lenet-1/seed-0.log"
STEP = "fooling.steps.evolution.evolve_direct"
SECONDS = 400
Value = TypeVar("Value")


def wait_for(what: str, look: Callable[[], Value | None]) -> Value:
    """Look until something is there."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"in vain waited {SECONDS} s for {what}")


class Slurm:
    """A cluster of one node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.node = os.uname().nodename.partition(".")[0]
        self.launcher = ["env", f"SLURM_CONF={folder}/slurm.conf", f"PATH={folder}/bin:{os.environ['PATH']}"]

    def __call__(self, *command: str) -> str:
        return subprocess.run([*self.launcher, *command], check=True, capture_output=True, text=True).stdout

    def jobs(self, folder: Path, form: str) -> list[str]:
        """All jobs that were submitted from a folder, by squeue's format."""
        lines = self("squeue", "--states=all", "--noheader", "--sort=i", f"--format=%Z|{form}").splitlines()
        return [form for workdir, _, form in (line.partition("|") for line in lines) if workdir == str(folder)]


class Submitted:
    """Snakemake, at work on the evolution of FAULTS in a copy of a checkout."""

    def __init__(self, slurm: Slurm, prepared: Checkout, folder: Path) -> None:
        self.slurm = slurm
        shutil.copytree(prepared.folder, folder, symlinks=True)
        self.checkout = Checkout(folder)
        self.said = ""

    def snakemake(self, *arguments: str) -> list[str]:
        return ["snakemake", *PROFILE, *WITHOUT_ACCOUNTING, *IMPATIENT, RUN, *arguments, "--configfile", "faults.yaml"]

    def start(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*self.slurm.launcher, sys.executable, "-m", *self.snakemake(*arguments)],
            cwd=self.checkout.folder,
            env={**os.environ, "PYTHONPATH": str(self.checkout.folder / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def step(self) -> psutil.Process | None:
        """The process that evolves, once there is one."""
        for process in psutil.process_iter():
            try:
                if STEP in process.cmdline()[:3] and process.cwd() == str(self.checkout.folder):
                    return process
            except psutil.Error:
                continue
        return None

    def stop_in_the_middle(self) -> str:
        """Stop the step behind its first checkpoint; returns the identity of its job."""
        checkpoint = self.checkout.folder / RUN.replace(".npz", ".checkpoint.npz")
        step = wait_for("the step", self.step)
        wait_for("a checkpoint", checkpoint.exists)
        step.suspend()
        return self.slurm.jobs(self.checkout.folder, "%i")[-1]

    def state(self) -> str:
        return self.slurm.jobs(self.checkout.folder, "%T")[-1]

    def end(self) -> int:
        self.said, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode

    def log(self) -> str:
        return (self.checkout.folder / LOG).read_text(encoding="utf-8")


def preempted(run: Submitted) -> None:
    """An urgent job takes the GPU away."""
    run.start("--set-resources", "evolve_direct:slurm_partition=spare", "evolve_direct:gpu=1")
    run.stop_in_the_middle()
    run.slurm("sbatch", "--partition=urgent", "--gpus=1", "--mem=100", "--output=/dev/null", "--wrap=true")
    wait_for("preemption", lambda: run.state() == "PENDING")
    assert run.end() == 0, run.said


def drained(run: Submitted) -> None:
    """The node is drained, and the job waits in the queue until the node returns."""
    run.start()
    job = run.stop_in_the_middle()
    run.slurm("scontrol", "update", f"NodeName={run.slurm.node}", "State=DRAIN", "Reason=test")
    try:
        run.slurm("scontrol", "requeue", job)
        wait_for("the queue", lambda: run.state() == "PENDING")
        time.sleep(2)
        assert run.process.poll() is None
    finally:
        run.slurm("scontrol", "update", f"NodeName={run.slurm.node}", "State=RESUME")
    assert run.end() == 0, run.said


def cancelled(run: Submitted) -> None:
    """`scancel`, without retries; then the same command once more."""
    run.start("--retries", "0")
    job = run.stop_in_the_middle()
    run.slurm("scancel", job)
    assert run.end() != 0
    assert f"error: *** JOB {job} ON {run.slurm.node} CANCELLED AT" in run.said
    assert "Traceback" not in run.said
    run.start()
    assert run.end() == 0, run.said


def over_time(run: Submitted) -> None:
    """A job that hangs until its time is over, which an administrator has cut to a minute."""
    run.start()
    job = run.stop_in_the_middle()
    run.slurm("scontrol", "update", f"JobId={job}", "TimeLimit=1")
    assert run.end() == 0, run.said
    assert "DUE TO TIME LIMIT ***" in run.said
    assert run.slurm.jobs(run.checkout.folder, "%l, %m") == ["1:00, 3000M", "2:00:00, 6000M"]


def out_of_memory(run: Submitted) -> None:
    """A job that has less memory than Python's libraries take."""
    run.start("--set-resources", "evolve_direct:mem_mb=200 if attempt == 1 else 3000")
    assert run.end() == 0, run.said
    assert "error: Exceeded job memory limit" in run.said
    assert run.slurm.jobs(run.checkout.folder, "%m") == ["200M", "3000M"]


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    folder = tmp_path_factory.mktemp("cluster") / "slurm"
    script = str(ROOT / "tests/slurm/cluster")
    try:
        # Its daemons keep what they inherit open: no pipes.
        subprocess.run([script, "start", str(folder)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        yield Slurm(folder)
    finally:
        subprocess.run([script, "stop", str(folder)], check=True)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The evolution of FAULTS, run locally."""
    checkout = check_out(tmp_path_factory.mktemp("faults") / "undisturbed")
    (checkout.folder / "faults.yaml").write_text(FAULTS, encoding="utf-8")
    local = checkout.snakemake("--cores", "1", RUN, config="faults.yaml")
    assert local.returncode == 0, local.stderr
    return checkout


@pytest.fixture(scope="session")
def befallen(
    slurm: Slurm, undisturbed: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Submitted, Future[None]]]]:
    """The misfortunes, all under way."""
    folder = tmp_path_factory.mktemp("befallen")
    prepared = Checkout(shutil.copytree(undisturbed.folder, folder / "prepared", symlinks=True))
    shutil.rmtree((prepared.folder / RUN).parent)
    runs = {f.__name__: Submitted(slurm, prepared, folder / f.__name__) for f in MISFORTUNES}
    with ThreadPoolExecutor(len(runs)) as together:
        yield {f.__name__: (runs[f.__name__], together.submit(f, runs[f.__name__])) for f in MISFORTUNES}


MISFORTUNES = (preempted, drained, cancelled, over_time, out_of_memory)


@pytest.mark.parametrize("misfortune", [f.__name__ for f in MISFORTUNES])
def test_a_job_survives_being(misfortune, befallen, undisturbed):
    run, ended = befallen[misfortune]
    ended.result()
    assert ("Continuing from" in run.log()) == (misfortune != "out_of_memory")
    for name in ("fooling_set.npz", "history.csv", "elites.npz"):
        result = Path(RUN).with_name(name)
        assert (run.checkout.folder / result).read_bytes() == (undisturbed.folder / result).read_bytes(), name


def without_durations(path: Path) -> bytes:
    """A file's bytes; how long evolution took, a claim among others, differs from run to run."""
    content = path.read_bytes()
    return re.sub(rb"[0-9.e-]+ (minutes|core days)", b"", content) if path.stem == "claims" else content


def test_the_smoke_configuration_ends_with_the_bytes_of_a_local_run(slurm, fresh, finished_once):
    fresh.take_data(finished_once)
    ended = fresh.snakemake(*PROFILE, *WITHOUT_ACCOUNTING, *IMPATIENT, launcher=slurm.launcher)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    results = finished_once.folder / "results/smoke"
    made = [path for path in results.rglob("*") if path.suffix in (".npz", ".csv", ".png", ".svg", ".html")]
    assert len(made) > 100
    for path in made:
        result = path.relative_to(finished_once.folder)
        assert without_durations(fresh.folder / result) == without_durations(path), result
    assert {"COMPLETED"} == set(slurm.jobs(fresh.folder, "%T"))
    # The swarm of short jobs is one job; work on ImageNet's networks starts with a day.
    asked = slurm.jobs(fresh.folder, "%C cores, %m, %l")
    assert "10 cores, 30000M, 1:00:00" in asked
    assert "1 cores, 3000M, 1-00:00:00" in asked
