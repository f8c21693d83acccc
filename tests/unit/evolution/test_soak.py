"""Evolution killed at random moments; a long soak: `pytest tests/unit/evolution/test_soak.py --kills 30`."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

FILES = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}


@pytest.mark.parametrize("step", ["evolve_cppn", "evolve_direct"])
def test_a_run_killed_at_random_moments_ends_with_the_bytes_of_an_undisturbed_one(
    step: str, network: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def start(folder: Path) -> subprocess.Popen[bytes]:
        paths = [argument for name, file in FILES.items() for argument in (f"--{name}", str(folder / file))]
        numbers = ["--generations", "500", "--batch", "100", "--checkpoint-seconds", "0.1"]
        command = [sys.executable, "-m", f"fooling.steps.evolution.{step}", "--network", str(network), "--seed", "1"]
        return subprocess.Popen([*command, *paths, *numbers], stderr=subprocess.DEVNULL)

    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    began = time.monotonic()
    assert start(undisturbed).wait() == 0
    whole = time.monotonic() - began
    moments, kills = random.Random(step), 0
    while kills < request.config.getoption("--kills"):
        process, began = start(killed), time.monotonic()
        moment = moments.uniform(0, whole)
        # Every second kill comes when there is something to continue from.
        while process.poll() is None and (
            time.monotonic() - began < moment or (kills % 2 == 0 and not any(killed.glob("*.checkpoint.npz")))
        ):
            time.sleep(0.01)
        if process.poll() is None:
            process.kill()
            kills += 1
        else:
            # It came to its end; the next run begins again.
            assert contents(killed) == contents(undisturbed)
            for file in FILES.values():
                (killed / file).unlink()
        process.wait()
    assert start(killed).wait() == 0
    assert contents(killed) == contents(undisturbed)
    assert {path.name for path in killed.iterdir()} == {*FILES.values(), "fooling_set.provenance.json"}


def contents(folder: Path) -> dict[str, bytes]:
    return {file: (folder / file).read_bytes() for file in FILES.values()}
