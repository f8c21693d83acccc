"""Show how a finished run of the workflow used its cores and its memory, from the benchmark files of its jobs.

In: the results of one uninterrupted run of a configuration. Printed: for each rule its jobs, their time, processor time
and highest memory; and for how long how many jobs ran side by side. Out, if wanted: a Gantt chart (PNG or SVG).

    python -m fooling.workflow.schedule results/default
    python -m fooling.workflow.schedule results/default --picture schedule.png
"""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fooling.command_line import run_step, step_parser
from fooling.errors import FoolingError
from fooling.figures.parts.style import PAGE_WIDTH, SMALL_SIZE, save_figure, style

NUMBERS = ["s", "max_rss", "cpu_time"]
CLOCK = 1.0
"""Seconds by which a file's date may differ from its job's end."""


def main() -> None:
    """Parse the command line, read, print, draw."""
    parser = step_parser(main)
    parser.add_argument("results", type=Path, help="results of a configuration")
    parser.add_argument("--picture", type=Path, help="chart to write (.png or .svg) [default: none]")
    arguments = parser.parse_args()
    jobs = read_jobs(arguments.results)
    print(by_rule(jobs).to_string())
    print()
    whole = jobs["end"].max() - jobs["begin"].min()
    for count, seconds in side_by_side(jobs).items():
        print(f"{count} jobs side by side: {seconds / 60:.1f} minutes, {seconds / whole:.0%}")
    if arguments.picture is not None:
        with style():
            save_figure(chart(jobs), [arguments.picture])


def read_jobs(results: Path) -> pd.DataFrame:
    """Return a row for each job: rule, job, begin and end (seconds of the clock), seconds, cpu_s, peak_mb.

    Raises:
        FoolingError: there are no benchmark files, or one is damaged.
    """
    rows = []
    for path in sorted(results.glob("benchmarks/**/*.tsv")):
        try:
            seconds, peak, cpu = pd.read_csv(path, sep="\t")[NUMBERS].astype(float).iloc[-1]
        except (ValueError, KeyError, IndexError) as error:
            raise FoolingError(f"{path} is no benchmark file; run its job again.") from error
        place = path.relative_to(results / "benchmarks").with_suffix("")
        end = path.stat().st_mtime
        rows.append((place.parts[0], str(place), end - seconds, end, seconds, cpu, peak))
    if not rows:
        raise FoolingError(f"There are no benchmark files in {results / 'benchmarks'}; run the workflow first.")
    jobs = pd.DataFrame(rows, columns=["rule", "job", "begin", "end", "seconds", "cpu_s", "peak_mb"])
    return jobs.sort_values(["begin", "job"], ignore_index=True)


def by_rule(jobs: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each rule: jobs, their seconds, the longest one's, cpu_s and peak_mb; the longest rule first."""
    rules = jobs.groupby("rule").agg(
        jobs=("job", "size"),
        seconds=("seconds", "sum"),
        longest=("seconds", "max"),
        cpu_s=("cpu_s", "sum"),
        peak_mb=("peak_mb", "max"),
    )
    return rules.sort_values("seconds", ascending=False).round(1)


def side_by_side(jobs: pd.DataFrame) -> dict[int, float]:
    """Return for how many seconds how many jobs ran at a time, from the first job's beginning to the last one's end."""
    changes = pd.concat([pd.Series(1, index=jobs["begin"]), pd.Series(-1, index=jobs["end"])]).sort_index()
    running, times = changes.cumsum().to_numpy()[:-1], np.diff(changes.index.to_numpy())
    return {int(count): float(times[running == count].sum()) for count in np.unique(running[times > 0])}


def chart(jobs: pd.DataFrame) -> Figure:
    """Return a Gantt chart: a bar for each job, and one line more for each that runs beside others."""
    ends: list[float] = []
    lines = []
    for begin, end in zip(jobs["begin"], jobs["end"], strict=True):
        line = next((line for line, last in enumerate(ends) if last <= begin + CLOCK), len(ends))
        ends[line : line + 1] = [end]
        lines.append(line)
    figure = Figure(figsize=(PAGE_WIDTH, 1.4 + 0.3 * len(ends)), layout="constrained")
    axes = figure.subplots()
    start = jobs["begin"].min()
    for index, (rule, rows) in enumerate(jobs.assign(line=lines).groupby("rule", sort=False)):
        begins = (rows["begin"] - start) / 60
        colour = f"C{index % 10}"
        axes.barh(rows["line"], rows["seconds"] / 60, left=begins, color=colour, edgecolor="white", label=rule)
    axes.set(xlabel="minutes", ylabel="side by side", yticks=[])
    axes.invert_yaxis()
    figure.legend(loc="outside lower center", ncols=5, fontsize=SMALL_SIZE)
    return figure


if __name__ == "__main__":
    run_step(main)
