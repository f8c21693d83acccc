"""What a user of the workflow meets: targets, reports, results that do not depend on the cores, clear mistakes."""

import os
from hashlib import sha256

import pandas as pd
import pytest
from conftest import SMOKE

from fooling.artifacts.detector_scores import NATURAL
from fooling.data.imagenet.classes import imagenet_classes

RUNS = [
    "results/smoke/evolution/mnist/direct/lenet-1/seed-0/fooling_set.npz",
    "results/smoke/evolution/mnist/cppn/lenet-1/seed-0/fooling_set.npz",
    "results/smoke/ascent/mnist/360/lenet-1/fooling_set.npz",
]

# Root may write anywhere; without its capabilities it is a user like others.
AS_A_USER = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []


def test_every_figure_and_table_is_there(finished_once):
    results = finished_once.folder / "results/smoke"
    figures = [f"figure_{number:02}" for number in range(1, 15)]
    figures += [f"figure_s{number}" for number in range(1, 6)]
    figures += ["ascent_digits_mnist", "confidence_curves_imagenet_ensemble", "scaling_curves"]
    figures += ["recognition_mnist", "recognition_cifar10", "elites_cifar10"]
    for kind in ("confidence_curves", "transfer_matrix", "ancestry"):
        figures += [f"{kind}_mnist", f"{kind}_imagenet"]
    for name in figures:
        assert (results / f"figures/{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (results / f"figures/{name}.svg").read_text(encoding="utf-8")
    assert "<title>" in (results / "gallery/index.html").read_text(encoding="utf-8")
    tables = {path.name for path in (results / "tables").iterdir() if path.suffix != ".json"}
    names = ["table_s1", "table_s1_imagenet", "class_confidence", "siblings", "evolution_imagenet_ensemble", "scaling"]
    names += ["table_s2", "retraining_cifar10", "evolution_cifar10", "ascent_cifar10", "claims"]
    names += [
        f"{kind}_{dataset}" for kind in ("evolution", "goal_switches", "ascent") for dataset in ("mnist", "imagenet")
    ]
    names += ["examples", "diverse_images"]
    assert tables == {f"{name}.{suffix}" for name in names for suffix in ("csv", "html")}
    assert (results / "claims/verified.txt").read_text(encoding="utf-8") == "Nothing was promised.\n"


def test_every_computed_result_has_its_provenance_log_and_benchmark(finished_once):
    results = finished_once.folder / "results/smoke"
    patterns = ("**/fooling_set.npz", "**/transfer.csv", "networks/*net-*.npz", "natural/*.csv", "plane/*.npz")
    patterns += (
        "ablation/*.npz",
        "features/*.npz",
        "breeding/*.npz",
        "ancestors/*.npz",
        "**/*-dnn?.npz",
        "**/rounds.csv",
    )
    computed = [path for pattern in patterns for path in results.glob(pattern)]
    drawn = [*results.rglob("fooling_class.npz")]
    imported = [path for path in results.glob("networks/*.npz") if "net-" not in path.name]
    assert (len(computed), len(drawn), len(imported)) == (18 + 5 + 2 + 3 + 1 + 4 + 3 + 3 + 2, 3, 3)
    for path in [*computed, *drawn, *imported]:
        assert path.with_name(f"{path.stem}.provenance.json").is_file()
    assert len(list(results.glob("benchmarks/**/*.tsv"))) == len(computed)
    logs = [path for path in results.glob("logs/**/*.log") if path.parent.name not in ("figures", "tables", "logs")]
    assert len(logs) == len(computed) + len(drawn) + len(imported)
    assert all("Finished after" in path.read_text(encoding="utf-8") for path in logs)


def test_a_missed_promise_ends_the_run_after_the_verdicts_are_written(finished):
    finished.append(SMOKE, "\nclaims: [lenet.test_error, figure_14.confidence_without_data]\n")
    ended = finished.snakemake("--cores", "1", "--", "verify_claims")
    assert ended.returncode != 0
    sentence = (
        "Error: The configuration promises what this run misses: lenet.test_error (not comparable at this scale);"
    )
    assert sentence in ended.stdout + ended.stderr
    assert (finished.folder / "results/smoke/tables/claims.csv").is_file()


def test_detectors_are_asked_and_guards_passed_on_demand(finished):
    direct = "{fitness: log, generations: 2, batch: 40, snapshots: [], runs: {lenet-1: [0]}}"
    finished.edit(SMOKE, "evolution:\n", f"evolution:\n  exact:\n    direct: {direct}\n")
    guarded = "{detectors: [vim], training_images: 500, test_images: 100}"
    finished.append(SMOKE, f"\nguarded:\n  exact: {guarded}\n")
    made = finished.snakemake("--cores", "1", "--", "beyond")
    assert made.returncode == 0, made.stderr
    folder = finished.folder / "results/smoke"
    assert (folder / "figures/detection_mnist.png").stat().st_size > 10_000
    scores = pd.read_csv(folder / "detection/mnist/lenet-1/detectors.csv")
    assert {NATURAL, "cppn", "direct", "noise"} <= set(scores["images"])
    assert (folder / "figures/guarded_exact.png").stat().st_size > 10_000
    table = pd.read_csv(folder / "tables/guarded_exact.csv")
    assert table["guard"].tolist() == ["none", "vim"]
    assert table["evaluations"].tolist() == [120, 120]
    assert (folder / "figures/far_from_data.png").stat().st_size > 10_000
    assert finished.planned("beyond") == {}


def test_the_fooling_images_become_a_data_set_on_demand(finished):
    made = finished.snakemake("--cores", "1", "--config", "dataset={least_confidence: 0.2}", "--", "dataset")
    assert made.returncode == 0, made.stdout + made.stderr
    folder = finished.folder / "results/smoke/dataset"
    digest = sha256((folder / "fooling-images-smoke.tar.gz").read_bytes()).hexdigest()
    assert digest in (folder / "croissant.json").read_text(encoding="utf-8")
    assert "confidence of 20 % or more" in (folder / "datasheet.md").read_text(encoding="utf-8")
    assert finished.planned("dataset") == {"dataset": 1}  # by its own threshold


def test_equal_seeds_give_equal_bytes_on_any_number_of_cores(finished_once, fresh):
    fresh.take_data(finished_once)
    again = fresh.snakemake("--cores", "1", *RUNS)
    assert again.returncode == 0, again.stdout + again.stderr
    for run in RUNS:
        assert (fresh.folder / run).read_bytes() == (finished_once.folder / run).read_bytes(), run


def test_the_report_is_made_without_a_network_and_shows_every_figure(finished):
    report = finished.folder / "report.html"
    nowhere = "http://127.0.0.1:9"
    environment = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        made = finished.snakemake("--report", str(report))
    assert made.returncode == 0, made.stderr
    text = report.read_text(encoding="utf-8")
    for name in ("figure_04.png", "figure_05.png", "figure_s1.png", "figure_s2.png", "table_s1.html"):
        assert name in text
    assert "Figure 4 of the paper" in text
    assert len(text) < 25 * 2**20


def test_the_rulegraph_shows_the_road(fresh):
    graph = fresh.snakemake("--rulegraph")
    assert graph.returncode == 0, graph.stderr
    assert "digraph" in graph.stdout
    for rule in ("train", "evolve_cppn", "ascend", "transfer", "figure_04"):
        assert f'label = "{rule}"' in graph.stdout


def test_a_figure_is_a_target(fresh):
    planned = fresh.planned("figure_04", config="config/config.yaml")
    assert planned.pop("fetch_mnist", 1) == 1
    assert planned == {"train": 1, "evolve_direct": 5, "figure_04": 1}


def test_the_printed_line_runs_without_snakemake(finished):
    shown = finished.snakemake("figure_04", "--forcerun", "figure_04", "--dry-run")
    line = next(
        text.partition("Shell command: ")[2]
        for text in (shown.stdout + shown.stderr).splitlines()
        if "fooling.figures.evolution.elite_grid" in text
    )
    words = line.partition(" > ")[0].removeprefix("python -m ").split()
    figure = finished.folder / "results/smoke/figures/figure_04.png"
    before = figure.read_bytes()
    figure.unlink()
    assert finished.run(*words).returncode == 0
    assert figure.read_bytes() == before


def assert_one_sentence(ended, *parts: str) -> None:
    """Only the mistake is told, after Snakemake's line about its profile."""
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    assert "  File " not in ended.stderr
    for part in parts:
        assert part in ended.stderr


def test_a_configuration_with_mistakes_is_refused_before_any_job(fresh):
    path = fresh.folder / "wrong.yaml"
    text = (fresh.folder / SMOKE).read_text(encoding="utf-8")
    path.write_text(text.replace("generations: 3", "generations: 0").replace("iterations: 100", "iteration: 100"))
    assert_one_sentence(
        fresh.snakemake("--cores", "1", config=path),
        "Error: The configuration in",
        "wrong.yaml has mistakes:",
        "networks.lenet.iteration: there is no such key.",
        "evolution.mnist.direct.generations: should be greater than or equal to 1 (given: 0).",
        "evolution.mnist.cppn.generations: should be greater than or equal to 1 (given: 0).",
    )
    assert not (fresh.folder / "results/smoke").exists()


def test_an_experiment_that_would_replace_an_earlier_one_is_refused_before_any_job(fresh):
    fresh.append(SMOKE, "\nnetworks: {other: {}}\n")
    assert_one_sentence(fresh.snakemake("--cores", "1"), "smoke.yaml has more than once: networks (lines ")


def test_a_network_that_does_not_exist_is_refused_before_any_job(fresh):
    fresh.edit(SMOKE, "architecture: efficientnet-lite1", "architecture: torchvision/alexnett")
    assert_one_sentence(
        fresh.snakemake("--cores", "1"), "Error: pretrained.lite1: torchvision has no network alexnett; the nearest are"
    )


def test_an_imagenet_folder_that_is_not_complete_is_refused_before_any_job(fresh):
    (fresh.folder / "imagenet/val/n01440764").mkdir(parents=True)
    fresh.append(SMOKE, "\ndatasets: {imagenet: {root: imagenet}}\n")
    assert_one_sentence(fresh.snakemake("--cores", "1"), "is not complete: 999 of 1000 class folders are missing")


def test_retraining_on_imagenet_needs_its_folder(fresh):
    config = fresh.folder / "config/imagenet_retraining.yaml"
    assert_one_sentence(fresh.snakemake("--cores", "1", config=config), "needs ILSVRC-2012; set datasets.imagenet.root")
    for kind in imagenet_classes():
        (fresh.folder / "imagenet/val" / kind.wordnet_id).mkdir(parents=True)
        (fresh.folder / "imagenet/val" / kind.wordnet_id / "a.JPEG").touch()
    fresh.edit("config/imagenet_retraining.yaml", "processes: 1", "processes: 4")
    fresh.append("config/imagenet_retraining.yaml", "\ndatasets: {imagenet: {root: imagenet}}\n")
    (fresh.folder / "imagenet/train").mkdir()
    table = f"results/{config.stem}/tables/retraining_imagenet.html"
    planned = fresh.planned(table, config=config)
    jobs = {"import_network": 1, "evolve_round": 2, "sample_fooling_class": 1, "retrain_imagenet": 1}
    assert planned == {**jobs, "score_retraining": 1, "retraining_table": 1}
    shown = fresh.snakemake(table, "--dry-run", "--printshellcmds", config=config)
    line = "torchrun --standalone --nproc-per-node 4 -m fooling.steps.training.retrain_imagenet --network results/"
    assert line in shown.stdout + shown.stderr


def test_a_fooling_class_is_fitted_without_imagenet(fresh):
    table = "results/head_study/tables/retraining_imagenet_head.html"
    planned = fresh.planned(table, config="config/head_study.yaml")
    jobs = {"import_network": 3, "evolve_round": 6, "sample_fooling_class": 3, "retrain_head": 3, "ascend": 3}
    assert {**planned, "fetch_cifar10": 1} == {**jobs, "score_retraining": 3, "retraining_table": 1, "fetch_cifar10": 1}
    figure = "results/head_study/figures/retraining_confidence_imagenet_head.svg"
    planned = fresh.planned(figure, config="config/head_study.yaml")
    assert (planned["retrain_head"], planned["evolve_round"], planned["retraining_confidence"]) == (3, 6, 1)


def test_a_figure_that_the_configuration_has_no_runs_for_is_refused(fresh):
    fresh.edit(SMOKE, "[0, 1, 2, 3, 4, 5]", "[0, 1, 2]")
    assert_one_sentence(
        fresh.snakemake("--cores", "1", "figure_s2"),
        "Error: This figure needs more than 5 runs against the first network, but the configuration has 3",
    )


def test_a_module_that_is_not_valid_python_is_named(fresh):
    fresh.append("src/fooling/figures/parts/style.py", "\ndef broken(:\n")
    assert_one_sentence(fresh.snakemake("--cores", "1"), "Error: Syntax error in", "style.py", "correct it first")


def test_a_file_in_place_of_the_results_folder_is_a_sentence(fresh):
    (fresh.folder / "results").mkdir(exist_ok=True)
    (fresh.folder / "results/smoke").write_text("a file, not a folder")
    assert_one_sentence(fresh.snakemake("--cores", "1"), "Error: results/smoke is a file, but the results need a")


def test_a_read_only_results_folder_is_a_sentence(fresh):
    results = fresh.folder / "results/smoke"
    results.mkdir(parents=True)
    results.chmod(0o555)
    ended = fresh.snakemake("--cores", "1", launcher=AS_A_USER)
    assert_one_sentence(ended, "Error: Cannot write results/smoke/", "you have no permission to write there")
    assert list(results.iterdir()) == []
