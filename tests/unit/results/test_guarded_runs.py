import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fooling.errors import FoolingError
from fooling.results.guarded import GuardedRuns, add_guarded_runs, check_twins, read_guarded_runs
from fooling.results.scaling import histories_of


def history(*medians: float, batch: int = 100) -> pd.DataFrame:
    """Return the history of a run whose highest confidence is twice its median one."""
    generations = np.arange(len(medians))
    columns = {"generation": generations, "evaluations": (generations + 1) * batch, "median_confidence": medians}
    return pd.DataFrame(columns).assign(max_confidence=lambda table: 2 * table["median_confidence"])


def test_a_run_reaches_a_confidence_once_or_never():
    runs = GuardedRuns("knn", "cppn", [history(0, 0.2, 0.5, 0.4), history(0, 0, 0.1, 0.2), history(0.6, 0.7, 0.7, 0.8)])
    assert runs.evaluations.tolist() == [100, 200, 300, 400]
    assert runs.to_confidence(0.5).tolist() == [300, np.inf, 100]
    assert runs.to_first_passing().tolist() == [200, 300, 100]
    assert runs.to_confidence(0.99).tolist() == [np.inf] * 3
    assert GuardedRuns("knn", "cppn", [history(0, 0)]).to_first_passing().tolist() == [np.inf]


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_guarded_runs(parser)
    return parser.parse_args(words)


def test_runs_are_read_from_the_command_line(tmp_path: Path):
    paths = [tmp_path / f"{number}.csv" for number in range(2)]
    for path in paths:
        history(0, 0.5).to_csv(path, index=False)
    arguments = parsed("--runs", "none", "cppn", *map(str, paths), "--runs", "knn", "cppn", *map(str, paths))
    groups = read_guarded_runs(arguments)
    assert [(group.guard, group.encoding, len(group.histories)) for group in groups] == [
        ("none", "cppn", 2),
        ("knn", "cppn", 2),
    ]
    assert histories_of(arguments) == paths * 2
    for words in (("guess", "cppn", "a.csv"), ("knn", "fourier", "a.csv"), ("knn", "cppn")):
        with pytest.raises(
            FoolingError, match=f"--runs {' '.join(words)}: give a detector or none, then direct or cppn"
        ):
            read_guarded_runs(parsed("--runs", *words))


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ([], "no unguarded run in the CPPN encoding"),
        ([GuardedRuns("none", "direct", [history(0, 1)])], "no unguarded run in the CPPN encoding"),
        ([GuardedRuns("none", "cppn", [history(0, 1)])], "guarded by knn and the unguarded ones differ in number"),
        ([GuardedRuns("none", "cppn", [history(0, 1, 1)] * 2)], "guarded by knn and the unguarded ones differ"),
        ([GuardedRuns("none", "cppn", [history(0, 1, batch=50)] * 2)], "guarded by knn and the unguarded ones differ"),
    ],
)
def test_runs_without_a_twin_are_told(plain, sentence):
    guarded = GuardedRuns("knn", "cppn", [history(0, 0.5)] * 2)
    check_twins([GuardedRuns("none", "cppn", [history(0.5, 1)] * 2), guarded])
    with pytest.raises(FoolingError, match=sentence):
        check_twins([guarded, *plain])
