"""No job of the smoke run takes more memory than it asks for."""

import re

import pandas as pd


def test_each_job_keeps_within_the_memory_that_it_asks_for(finished):
    dry_run = finished.snakemake("--dry-run", "--forceall")
    assert dry_run.returncode == 0, dry_run.stderr
    jobs = dry_run.stdout + dry_run.stderr
    asked = dict(re.findall(r"benchmark: (\S+)\n(?:(?!\n\n).)*?mem_mb=(\d+)", jobs, re.DOTALL))
    taken = {path: pd.read_csv(finished.folder / path, sep="\t")["max_rss"].max() for path in asked}
    assert len(taken) > 30
    assert {path: (peak, asked[path]) for path, peak in taken.items() if peak > int(asked[path])} == {}
