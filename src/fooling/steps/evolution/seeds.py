"""The seeds on a command line: which runs it asks for, and what each of them writes."""

from collections.abc import Sequence
from pathlib import Path

from fooling.errors import FoolingError
from fooling.steps.evolution.evolution_files import RunFiles


def files_by_seed(seeds: Sequence[int], output: Path, history: Path, elites: Path) -> list[RunFiles]:
    """Return what each seed's run writes: the paths, with the seed in place of `{seed}`.

    Raises:
        FoolingError: a seed is listed twice, or several seeds would write one file.
    """
    if len(set(seeds)) < len(seeds):
        raise FoolingError("--seed lists a seed twice; list each seed once.")
    paths = {"output": output, "history": history, "elites": elites}
    for name, path in paths.items():
        if len(seeds) > 1 and "{seed}" not in str(path):
            raise FoolingError(
                f"--{name} names one file for {len(seeds)} seeds; write {{seed}} where its path shall hold the seed."
            )
    return [
        RunFiles(seed, **{name: Path(str(path).replace("{seed}", str(seed))) for name, path in paths.items()})
        for seed in seeds
    ]


def consecutive_seeds(first: int, runs: int) -> range:
    """Return the seeds of so many runs.

    Raises:
        FoolingError: there is no run.
    """
    if runs < 1:
        raise FoolingError(f"There must be a run, not {runs}; raise --runs.")
    return range(first, first + runs)
