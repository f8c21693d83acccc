"""Steps, Snakemake, and all of them together, ended by signals at random moments."""

import contextlib
import signal
from pathlib import Path
from random import Random

import psutil
import pytest
from disturbed import EVOLVED, FIGURE, LONG, Ended, Program, WorkFolder, check_sentence, pass_time, wait_until

from fooling.artifacts.checkpoint import TERMINATED


def test_sigkill_of_a_step(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    ended = end_step(signal.SIGKILL, number, chance, undisturbed, tmp_path)
    assert ended.status == -signal.SIGKILL


def test_sigterm_of_a_step(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    ended = end_step(signal.SIGTERM, number + 1, chance, undisturbed, tmp_path)
    # While it starts, while it works, and while it writes its results.
    assert ended.status in {-signal.SIGTERM, TERMINATED, 0}


def end_step(signum: int, number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> Ended:
    """Send a signal to a step, every second time not before its first checkpoint; then run it to its end."""
    rule = LONG[number % len(LONG)]
    folder = undisturbed.without(tmp_path / "disturbed", rule)
    wait_for_checkpoint = number // len(LONG) % 2 == 1
    while True:
        program = folder.start(rule)
        if wait_for_checkpoint:
            wait_until(lambda program=program: folder.has_checkpoint() or not program.running())
        if pass_time(program, chance.uniform(0, 1 if wait_for_checkpoint else undisturbed.seconds(rule))):
            break
        folder.remove(rule)  # it came to its end before
    program.signal_group(signum)
    ended = program.wait()
    check_sentence(ended.told)
    folder.check_whole(undisturbed)
    again = folder.run(rule)
    assert again.status == 0, again.told
    folder.check_complete(undisturbed)
    return ended


@pytest.mark.at_most(6)
def test_sigkill_of_snakemake(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    folder, program = start_snakemake(number, chance, undisturbed, tmp_path)
    program.process.kill()  # its steps go on without it
    check_completion(folder, program, undisturbed)


@pytest.mark.at_most(6)
def test_sigkill_of_the_process_group(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    folder, program = start_snakemake(number, chance, undisturbed, tmp_path)
    program.signal_group(signal.SIGKILL)
    check_completion(folder, program, undisturbed)


@pytest.mark.at_most(6)
def test_sigterm_of_the_process_group(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    folder, program = start_snakemake(number, chance, undisturbed, tmp_path)
    program.signal_group(signal.SIGTERM)
    check_completion(folder, program, undisturbed)


@pytest.mark.at_most(6)
def test_sigkill_of_a_step_of_snakemake(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    folder, program = start_snakemake(number, chance, undisturbed, tmp_path, hold=True)
    chance.choice(steps_of(program)).kill()
    for step in steps_of(program):
        with contextlib.suppress(psutil.NoSuchProcess):
            step.resume()
    told = check_completion(folder, program, undisturbed)
    check_sentence(told, "Error in rule evolve_", "exited with non-zero exit code", "Complete log(s):")


def start_snakemake(
    number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path, *, hold: bool = False
) -> tuple[WorkFolder, Program]:
    """Start Snakemake where one or both runs of evolution and their figure are to be made; let it get to work.

    With `hold`, its steps are stopped, lest they come to their end.
    """
    missing = [("evolve_direct",), ("evolve_cppn",), ("evolve_direct", "evolve_cppn")][number % 3]
    folder = undisturbed.without(tmp_path / "disturbed", *missing, "elites")
    while True:
        program = folder.start_snakemake(str(FIGURE))
        wait_until(lambda program=program: steps_of(program) or not program.running())
        pass_time(program, chance.uniform(0, undisturbed.seconds(missing[0]) / 2))
        for step in steps_of(program) if hold else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                step.suspend()
        if steps_of(program):
            return folder, program
        program.wait()
        for rule in (*missing, "elites"):
            folder.remove(rule)  # it came to its end before


def steps_of(program: Program) -> list[psutil.Process]:
    """Return the steps that run under Snakemake, without the shells between."""
    found = []
    for process in psutil.Process(program.process.pid).children(recursive=True) if program.running() else []:
        try:
            words = process.cmdline()  # asked once: it is empty as soon as the process has ended
            if words[1:2] == ["-m"] and "fooling.steps.evolution.evolve" in words[2]:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def check_completion(folder: WorkFolder, program: Program, undisturbed: WorkFolder) -> str:
    """Check what a disturbed Snakemake leaves behind, and that the same command completes; return what it told."""
    told = program.wait().told
    check_sentence(told)
    folder.check_whole(undisturbed)
    check_rerun(folder, undisturbed)
    program.wait_for_group()
    folder.check_complete(undisturbed)
    return told


def check_rerun(folder: WorkFolder, undisturbed: WorkFolder) -> None:
    """Check that the same command completes, after the lock that Snakemake tells of has been removed."""
    again = folder.snakemake(str(FIGURE))
    if again.status and "--unlock" in again.told:
        check_sentence(again.told, "Directory cannot be locked", "can be removed with the --unlock argument")
        folder.check_whole(undisturbed)
        assert folder.snakemake("--unlock").status == 0
        again = folder.snakemake(str(FIGURE))
    assert again.status == 0, again.told
    check_sentence(again.told)


@pytest.mark.at_most(4)
def test_a_stale_lock(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    """A machine that goes down leaves Snakemake's lock, and a half-written temporary file of the step."""
    rule = ("evolve_direct", "evolve_cppn")[number % 2]
    folder = undisturbed.without(tmp_path / "disturbed", rule, "elites")
    output = EVOLVED[number % 2]
    (folder.path / output).parent.mkdir()
    whole = (undisturbed.path / output).read_bytes()
    leftover = (folder.path / output).with_name(".fooling_set-0a1b2c3d.npz")
    leftover.write_bytes(whole[: chance.randrange(len(whole))])
    locks = folder.path / ".snakemake/locks"
    locks.mkdir(exist_ok=True)
    (locks / "0.output.lock").write_text(f"{output}\n{FIGURE}\n")
    refused = folder.snakemake(str(FIGURE))
    assert refused.status != 0
    check_sentence(refused.told, "Directory cannot be locked", "can be removed with the --unlock argument")
    folder.check_whole(undisturbed)
    check_rerun(folder, undisturbed)
    folder.check_complete(undisturbed)
