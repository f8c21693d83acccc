"""A run that was shipped: its images drawn again from what was shipped, and what stands beside them."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fooling.artifacts import storage
from fooling.artifacts.elites import load_elites
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.errors import FoolingError
from fooling.evolution.recorded import load_recorded
from fooling.release import ship as shipping
from fooling.release.ship import ROWS, image_digest, ship, shipped_runs, thinned

RESULTS = Path(__file__).parents[3] / "docs/results"
SHIPPED, DIGITS = RESULTS / "imagenet", RESULTS / "mnist"
PLACES = [f"evolution/small/{encoding}/lenet-1/seed-3" for encoding in ("cppn", "direct")]
CHECK = "fooling.steps.evolution.check_shipped"


@pytest.fixture
def shipped(run_main: Callable[..., int], network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with what was shipped of results: a short run of each encoding, a table and a figure."""
    files = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}
    numbers = ("--seed", 3, "--generations", 12, "--batch", 20, "--snapshots", "[5]")
    for place in PLACES:
        paths = [part for name, file in files.items() for part in (f"--{name}", tmp_path / "results" / place / file)]
        module = f"fooling.steps.evolution.evolve_{Path(place).parts[2]}"
        assert run_main(module, "--network", network, *paths, *numbers) == 0
    for name in ("tables", "figures/wide"):
        (tmp_path / "results" / name).mkdir(parents=True)
    (tmp_path / "results/tables/numbers.csv").write_text("number\n1\n")
    Image.new("RGB", (3000, 300), "red").save(tmp_path / "results/figures/wide/figure.png")
    step = ("--results", tmp_path / "results", "--folder", tmp_path / "shipped")
    assert run_main("fooling.steps.release.ship_results", *step) == 0
    assert capsys.readouterr().out.count("260 evaluations, median confidence 0.") == 2
    return tmp_path / "shipped"


@pytest.mark.parametrize("place", PLACES)
def test_everything_is_there(place: str, shipped: Path, tmp_path: Path) -> None:
    original, run = tmp_path / "results" / place, shipped / place
    assert (shipped / "tables/numbers.csv").read_text() == "number\n1\n"
    with Image.open(shipped / "figures/wide/figure.webp") as figure:
        assert figure.size == (1600, 160)
    assert json.loads((run / "provenance.json").read_text())["step"] == f"evolve_{run.parts[-3]}"
    pd.testing.assert_frame_equal(pd.read_csv(run / "history.csv"), pd.read_csv(original / "history.csv"))
    packed, elites = load_elites(run / "elites.npz.gz"), load_elites(original / "elites.npz")
    for name, genes in elites.genomes.items():
        np.testing.assert_array_equal(packed.genomes[name], genes)
    images, last = pd.read_csv(run / "images.csv"), load_fooling_set(original / "fooling_set.npz")
    last = last.select(np.flatnonzero(last.generation == 12))
    assert images["class"].tolist() == last.target.tolist()
    np.testing.assert_allclose(images["log_confidence"], last.log_confidence, rtol=1e-6)


def test_the_images_come_back(
    shipped: Path, network: Path, run_main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(CHECK, "--folder", shipped, "--network", network) == 0
    said = capsys.readouterr().out.splitlines()
    for place, line in zip(PLACES, said, strict=True):
        assert f"{place}: 10 of 10 images are the same; median confidence 0." in line
        assert float(line.split("at most ")[1].split(" from")[0]) < 1e-6


def test_an_image_that_differs_is_told(
    shipped: Path, run_main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    path = shipped / PLACES[0] / "images.csv"
    images = pd.read_csv(path, dtype=str)
    images.loc[4, "sha256"] = "0" * 64
    images.to_csv(path, index=False)
    assert run_main(CHECK, "--folder", shipped) == 1
    assert "9 of 10 images are the same" in capsys.readouterr().out
    images.iloc[1:].to_csv(path, index=False)
    assert run_main(CHECK, "--folder", shipped) == 1
    assert "name other classes; copy both again" in capsys.readouterr().err


def test_a_network_that_takes_other_images_is_refused(
    network: Path, run_main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(CHECK, "--folder", SHIPPED, "--network", network) == 1
    assert "The images are of the shape (3, 256, 256) and aim at 1000 classes; " in capsys.readouterr().err


def test_genes_that_are_too_large_stay_behind(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "LARGEST_ELITES", 10)
    shutil.rmtree(shipped)
    said = list(ship(tmp_path / "results", shipped))
    assert said[0].endswith("its genes are too large to ship")
    assert {path.name for path in (shipped / PLACES[0]).iterdir()} == {"history.csv", "images.csv", "provenance.json"}
    with pytest.raises(FoolingError, match="There are no shipped runs in"):
        shipped_runs(shipped)


def test_runs_of_some_experiments_alone(shipped: Path, tmp_path: Path) -> None:
    evolution = tmp_path / "results/evolution"
    shutil.copytree(evolution / "small", evolution / "other")
    shutil.rmtree(shipped)
    list(ship(tmp_path / "results", shipped, ["other"]))
    assert list(shipped_runs(shipped)) == [place.replace("small", "other") for place in PLACES]
    assert (shipped / "tables/numbers.csv").exists()


def test_results_without_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FoolingError, match="There are no runs of evolution in"):
        list(ship(tmp_path, tmp_path / "shipped"))
    with pytest.raises(FoolingError, match="evolution/mnist; make them first"):
        list(ship(tmp_path, tmp_path / "shipped", ["mnist"]))


def test_a_packed_file_that_would_fill_the_memory_is_refused(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shipped / PLACES[0] / "elites.npz.gz"
    assert gzip.decompress(path.read_bytes()) == (tmp_path / "results" / PLACES[0] / "elites.npz").read_bytes()
    monkeypatch.setattr(storage, "LARGEST_UNPACKED", 1000)
    with pytest.raises(FoolingError, match="larger than 1000 bytes"):
        load_elites(path)


@given(length=st.integers(1, 20_000))
def test_a_thinned_history_keeps_its_ends_and_spreads_the_rest(length: int) -> None:
    kept = thinned(pd.DataFrame({"generation": np.arange(length)}))["generation"].to_numpy()
    assert (kept[0], kept[-1]) == (0, length - 1)
    assert len(kept) <= 2 * ROWS
    gaps = np.diff(kept[:-1])
    assert (gaps <= np.maximum(1, 0.06 * kept[1:-1] + 1)).all()


@pytest.mark.parametrize(
    ("folder", "runs"), [(SHIPPED, [name]) for name in shipped_runs(SHIPPED)] + [(DIGITS, list(shipped_runs(DIGITS)))]
)
def test_images_in_the_repository_come_back_byte_for_byte(folder: Path, runs: list[str]) -> None:
    shipped = shipped_runs(folder)
    for name in runs:
        run = shipped[name]
        target, images = load_recorded(run.elites).draw(run.image_shape)
        np.testing.assert_array_equal(target, run.target)
        assert [image_digest(image) for image in images] == run.digests.tolist(), name
