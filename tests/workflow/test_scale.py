"""What stays quick and whole in large runs: the graph of jobs, the way back to the data, the report."""

import json
import logging
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml

from fooling.data.fetch import MANIFESTS
from fooling.results.trace import trace

WITHOUT_NETWORK = ["unshare", "--net", "--map-root-user"]


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Log the processor time of the programs that are run in it (`--log-cli-level INFO` shows it)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    logging.getLogger(__name__).info("%s: %.1f s of one core", what, seconds)


def test_the_papers_graph_is_built_without_torch(fresh):
    with timed("the paper's graph"):
        shown = fresh.run(
            "snakemake", "--dry-run", "--quiet", "--configfile", "config/paper.yaml", options=["-X", "importtime"]
        )
    assert shown.returncode == 0, shown.stderr
    imported = {line.rpartition("|")[2].strip() for line in shown.stderr.splitlines() if line.startswith("import time")}
    assert "fooling.settings.config" in imported
    assert not imported & {"torch", "torchvision", "timm", "numba", "matplotlib"}


def test_thousands_of_jobs_are_planned(fresh):
    config = yaml.safe_load((fresh.folder / "config/paper.yaml").read_text(encoding="utf-8"))
    for encoding in ("direct", "cppn"):
        config["evolution"]["mnist"][encoding]["runs"] = {f"lenet-{seed}": list(range(300)) for seed in (1, 2)}
    (fresh.folder / "large.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    with timed("a graph with 1200 further runs"):
        planned = fresh.planned(config="large.yaml")
    assert planned["evolve_direct"] + planned["evolve_cppn"] == 1200 + 3 + 5 + 5 + 1 + 1


def test_every_figure_and_table_is_traced_to_its_sources(finished_once, monkeypatch):
    monkeypatch.chdir(finished_once.folder)
    trace.cache_clear()
    results = finished_once.folder.joinpath("results/smoke").relative_to(finished_once.folder)
    shown = sorted(
        path for kind in ("figures", "tables") for path in (results / kind).iterdir() if path.suffix != ".json"
    )
    published = {file.digest for manifest in MANIFESTS.values() for file in manifest.files}
    assert len(shown) > 60
    for path in shown:
        files = list(trace(path).walk())
        assert files[0].record is not None, path
        assert not [change for file in files for change in file.changes()]
        for leaf in (file for file in files if not file.inputs):
            if leaf.record is not None:
                assert leaf.record["step"] in ("import_network", "train_plane")
            else:
                assert leaf.sha256 in published or leaf.path.parts[0] in ("config", "workflow"), leaf.path
    traced = finished_once.run("fooling.results.trace", "--json", str(results / "figures/figure_05.png"))
    assert set(json.loads(traced.stdout)["files"]) >= {"data/mnist/train-images-idx3-ubyte"}


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*WITHOUT_NETWORK, "true"], check=False).returncode != 0,
    reason="makes a namespace without a network",
)
def test_the_report_needs_no_network_at_all(finished):
    made = finished.snakemake("--report", "report.html", launcher=WITHOUT_NETWORK)
    assert made.returncode == 0, made.stderr
    text = (finished.folder / "report.html").read_text(encoding="utf-8")
    assert "figure_05.png" in text
    assert len(text) < 25 * 10**6
