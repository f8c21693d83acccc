"""A disk that is full and a results folder that is read-only; both need root, who may mount."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from disturbed import FIGURE, LONG, MADE_BY, RESULTS, WorkFolder, check_sentence

STEPS = (*LONG, "elites")


def mount(*arguments: str | Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this system does not let root mount: {done.stderr.strip()}")


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """The results folder of a disturbed run, to mount something at; it is unmounted in the end."""
    yield tmp_path / "disturbed" / RESULTS
    subprocess.run(["umount", "--lazy", tmp_path / "disturbed" / RESULTS], capture_output=True, check=False)


def test_a_full_disk(number: int, chance: Random, undisturbed: WorkFolder, mounted: Path, tmp_path: Path) -> None:
    """The disk holds a part of what the step writes; then it is full."""
    rule = STEPS[number % len(STEPS)]
    folder = undisturbed.without(tmp_path / "disturbed", rule)
    outputs = [path.stat().st_size for path in (undisturbed.path / MADE_BY[rule]).iterdir()]
    shutil.move(mounted, tmp_path / "kept")
    mounted.mkdir()
    mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", mounted)
    shutil.copytree(tmp_path / "kept", mounted, dirs_exist_ok=True)
    filler = mounted / "filler"
    free = shutil.disk_usage(mounted).free
    filler.write_bytes(bytes(free - chance.randrange(sum(outputs) // 2)))
    ended = folder.run(rule)
    assert ended.status == 1
    check_sentence(ended.told, "Error: Cannot write results/faults/", "no space is left on the disk; free some and run")
    filler.unlink()
    folder.check_whole(undisturbed)
    again = folder.run(rule)
    assert again.status == 0, again.told
    folder.check_complete(undisturbed)


@pytest.mark.at_most(len(STEPS) + 1)
def test_a_read_only_results_folder(number: int, undisturbed: WorkFolder, mounted: Path, tmp_path: Path) -> None:
    """Each step by itself, then Snakemake."""
    rule = (*STEPS, "elites")[number]
    folder = undisturbed.without(tmp_path / "disturbed", rule)

    def run():
        return folder.run(rule) if number < len(STEPS) else folder.snakemake(str(FIGURE))

    mount("--bind", mounted, mounted)
    mount("-o", "remount,ro,bind", mounted)
    ended = run()
    assert ended.status == 1
    check_sentence(ended.told, "Error: Cannot write results/faults/", "the file system is read-only; choose another")
    folder.check_whole(undisturbed)
    mount("-o", "remount,rw,bind", mounted)
    again = run()
    assert again.status == 0, again.told
    folder.check_complete(undisturbed)
