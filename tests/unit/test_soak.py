"""Evolution killed again and again at random moments; `pytest tests/unit/test_soak.py --kills 30` for a long soak."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {"output": "fooling_set.npz", "history": "history.csv", "archive": "archive.npz"}
MOMENTS = (2.0, 7.0)
"""Seconds after its start at which a run is killed: from its imports to the middle of its work."""


@pytest.mark.parametrize("step", ["evolve_cppn", "evolve_direct"])
def test_a_run_killed_at_random_moments_ends_with_the_bytes_of_an_undisturbed_one(
    step: str, network: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def start(folder: Path) -> subprocess.Popen[str]:
        paths = [argument for name, file in FILES.items() for argument in (f"--{name}", str(folder / file))]
        numbers = ["--generations", "500", "--batch", "100", "--checkpoint-seconds", "0.1"]
        command = [sys.executable, "-m", f"fooling.steps.{step}", "--network", str(network), "--seed", "1"]
        return subprocess.Popen([*command, *paths, *numbers], stderr=subprocess.PIPE, text=True)

    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(undisturbed).wait() == 0
    moments, kills, checkpoints = random.Random(step), 0, 0
    while kills < request.config.getoption("--kills"):
        process = start(killed)
        try:
            _, told = process.communicate(timeout=moments.uniform(*MOMENTS))
            assert process.returncode == 0, told
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            checkpoints += any(killed.glob("*.checkpoint.npz"))
        else:  # it came to its end; the next run begins again
            assert contents(killed) == contents(undisturbed)
            for file in FILES.values():
                (killed / file).unlink()
    process = start(killed)
    assert process.wait() == 0
    assert checkpoints > 0, "every kill came before the first checkpoint"
    assert contents(killed) == contents(undisturbed)
    assert {path.name for path in killed.iterdir()} == {*FILES.values(), "fooling_set.provenance.json"}


def contents(folder: Path) -> dict[str, bytes]:
    return {file: (folder / file).read_bytes() for file in FILES.values()}
