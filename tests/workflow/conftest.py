import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMOKE = "config/smoke.yaml"


class Checkout:
    """A copy of the repository in which Snakemake can be run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, *arguments: str, launcher: Sequence[str] = (), options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src")}
        command = [*launcher, sys.executable, *options, "-m", *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def snakemake(
        self, *arguments: str, config: str | Path = SMOKE, launcher: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        return self.run("snakemake", f"--configfile={config}", *arguments, launcher=launcher)

    def planned(self, *arguments: str, config: str | Path = SMOKE) -> dict[str, int]:
        """Number of jobs of each rule that Snakemake would run now."""
        dry_run = self.snakemake(*arguments, "--dry-run", "--quiet", "rules", config=config)
        assert dry_run.returncode == 0, dry_run.stderr
        lines = (dry_run.stdout + dry_run.stderr).splitlines()
        if "Job stats:" not in lines:
            assert any(line.startswith("Nothing to be done") for line in lines)
            return {}
        rows = lines[lines.index("Job stats:") + 3 :]
        counts = dict(row.split() for row in rows[: rows.index("")])
        return {rule: int(count) for rule, count in counts.items() if rule not in ("all", "total")}

    def take_data(self, other: "Checkout") -> None:
        """Take the data that another checkout has fetched."""
        shutil.copytree(other.folder / "data", self.folder / "data", dirs_exist_ok=True)

    def edit(self, path: str, before: str, after: str) -> None:
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def git(self, *arguments: str) -> str:
        author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        command = ["git", *author, *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True).stdout


def check_out(folder: Path, *data: str) -> Checkout:
    """Copy the working tree as git sees it, and MNIST and the further `data` if they are there already."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in ("mnist", *data):
        if (ROOT / "data" / name).is_dir():
            shutil.copytree(ROOT / "data" / name, folder / "data" / name)
    return Checkout(folder)


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """The repository without results."""
    return check_out(tmp_path / "fresh")


@pytest.fixture(scope="session")
def finished_once(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = check_out(tmp_path_factory.mktemp("smoke") / "finished", "cifar10")
    checkout.git("init", "--quiet")
    checkout.git("add", "--all")
    checkout.git("commit", "--quiet", "--message", "The working tree")
    smoke = checkout.snakemake("--cores", "2")
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
    return checkout


@pytest.fixture
def finished(finished_once: Checkout, tmp_path: Path) -> Checkout:
    """The repository after a run of the smoke configuration; dates and Snakemake's memory are those of that run."""
    return Checkout(shutil.copytree(finished_once.folder, tmp_path / "finished", symlinks=True))
