"""Running one stage: a process of its own, with a budget of seconds and a log, that can neither hang nor crash others.

This module and what starts it need Python's standard library alone, so that a package that is missing or broken ends a
stage and not the campaign.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stage:
    """A part of the campaign.

    Attributes:
        name: of letters; its log is NAME.log.
        title: what it does, in a few words.
        arguments: of Python.
        share: of the campaign's seconds, in any unit.
        results: files that it writes into the folder.
        rows: of a table in its results, how many the summary shows.
        is_patient: whether it also gets the time that those before it have left over.
    """

    name: str
    title: str
    arguments: Sequence[str]
    share: float
    results: Sequence[str] = ()
    rows: int = 12
    is_patient: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a stage ended.

    Attributes:
        stage: the stage.
        words: how it ended, in words.
        failed: whether it ended by an error; to be cut off is none.
        seconds: that it took.
    """

    stage: Stage
    words: str
    failed: bool
    seconds: float


def log_path(stage: Stage, folder: Path) -> Path:
    """Return the path of a stage's log."""
    return folder / f"{stage.name}.log"


def run_stage(stage: Stage, folder: Path, budget: float, environment: dict[str, str], grace: float) -> Outcome:
    """Run a stage until it ends or its time is over.

    Args:
        stage: the stage.
        folder: for its log.
        budget: seconds after which it gets SIGTERM.
        environment: variables that are added to this process's.
        grace: seconds after that until it and all that it has started are killed.
    """
    began = time.monotonic()
    # The package need not be installed.
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": path, **environment}
    with log_path(stage, folder).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *stage.arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=variables,
            start_new_session=True,
        )
        cut_off = False
        try:
            process.wait(max(budget, 0))
        except subprocess.TimeoutExpired:
            cut_off = True
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
    words = "cut off when its time was over" if cut_off else "done" if status == 0 else f"FAILED with status {status}"
    return Outcome(stage, words, failed=not cut_off and status != 0, seconds=time.monotonic() - began)
