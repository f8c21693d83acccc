"""Where the time of a run went, from benchmark files with known times."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fooling.errors import FoolingError
from fooling.workflow.schedule import by_rule, read_jobs, side_by_side

JOBS = {
    "train/lenet-1": (0, 100, 500),
    "train/lenet-2": (0, 40, 700),
    "evolve/a/lenet-2": (40, 90, 300),
    "draw/f": (120, 130, 90),
}
"""Begin and end in seconds, and megabytes."""
COLUMNS = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    for job, (begin, end, peak) in JOBS.items():
        path = tmp_path / "benchmarks" / f"{job}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        seconds = end - begin
        path.write_text(f"{COLUMNS}{seconds}\t0:00:01\t{peak}\t1\t1\t1\t0\t0\t100\t{0.9 * seconds}\n")
        os.utime(path, (1_000_000 + end, 1_000_000 + end))
    return tmp_path


def test_times_are_told_by_rule_and_by_number_of_jobs(results: Path) -> None:
    jobs = read_jobs(results)
    assert jobs["job"].tolist() == ["train/lenet-1", "train/lenet-2", "evolve/a/lenet-2", "draw/f"]
    rules = by_rule(jobs)
    assert rules.index.tolist() == ["train", "evolve", "draw"]
    assert rules.loc["train"].tolist() == [2, 140, 100, 126, 700]
    assert side_by_side(jobs) == pytest.approx({0: 20, 1: 20, 2: 90})


def test_the_chart_is_drawn_and_the_summary_printed(
    results: Path, run_main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = results / "schedule.svg"
    assert run_main("fooling.workflow.schedule", results, "--picture", picture) == 0
    assert "2 jobs side by side: 1.5 minutes, 69%" in capsys.readouterr().out
    assert picture.stat().st_size > 1000


def test_what_is_missing_or_damaged_is_told(results: Path, tmp_path: Path) -> None:
    with pytest.raises(FoolingError, match="There are no benchmark files in"):
        read_jobs(tmp_path / "other")
    (results / "benchmarks/draw/f.tsv").write_text("s\tcpu_time\n1\t2\n")
    with pytest.raises(FoolingError, match=r"f\.tsv is no benchmark file; run its job again"):
        read_jobs(results)
