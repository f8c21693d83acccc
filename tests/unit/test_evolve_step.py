import subprocess
import sys

import pytest


def evolve(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fooling.steps.evolve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("encoding", "flag"), [("direct", "--crossover-rate"), ("cppn", "--add-node-rate")])
def test_each_encoding_explains_its_own_settings(encoding: str, flag: str) -> None:
    done = evolve(encoding, "--help")
    assert done.returncode == 0
    assert flag in done.stdout


def test_without_an_encoding_the_step_says_which_there_are() -> None:
    assert "{direct,cppn}" in evolve("--help").stdout
    wrong = evolve("pixels")
    assert wrong.returncode == 2
    assert "invalid choice: 'pixels'" in wrong.stderr
