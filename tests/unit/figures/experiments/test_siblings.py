from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import small_origin

from fooling.artifacts.features import Features, save_features
from fooling.artifacts.fooling_set import save_fooling_set
from fooling.data.imagenet.classes import kinds_of
from fooling.errors import FoolingError
from fooling.figures.experiments.siblings import choose_siblings, draw_siblings
from fooling.tables.siblings import read_sibling_table, sibling_html, sibling_table

SCALE = {"network": "lite0", "dataset": "imagenet", "classes": 1000, "generations": 60, "batch": 100}
ORIGIN = small_origin(**SCALE)
LIZARDS, TOY_DOGS = kinds_of("lizard"), kinds_of("toy dog")
SHOWN = (*LIZARDS, *TOY_DOGS)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr("fooling.experiments.siblings.RESAMPLES", 50)


@pytest.fixture
def features():
    """Return features of two runs in which all lizards of a run are one image."""
    values = np.random.default_rng(0).normal(size=(2000, 8)).astype(np.float32)
    image = np.arange(2000)
    for run in range(2):
        rows = run * 1000 + np.array(LIZARDS)
        values[rows], image[rows] = values[rows[0]], image[rows[0]]
    return Features(
        values=values,
        fooling_set=np.repeat([0, 1], 1000),
        target=np.tile(np.arange(1000), 2),
        run=np.repeat([3, 4], 1000),
        image=image,
        network="lite1",
        origins=[ORIGIN, ORIGIN],
        provenance={},
    )


@pytest.fixture
def make_run(make_fooling_set):
    def make(**options):
        given = {"classes": SHOWN, "dataset": "imagenet", "network": "lite0", "channels": 3, "side": 8} | options
        return make_fooling_set(**given)

    return make


def test_the_table_counts_pairs_of_one_image_apart(features):
    table = sibling_table(features)
    assert table[["siblings", "images"]].to_numpy().tolist() == [
        ["yes", "all"],
        ["no", "all"],
        ["yes", "different"],
        ["no", "different"],
    ]
    everything, _, different, _ = table["pairs"]
    of_one_image = len(LIZARDS) * (len(LIZARDS) - 1) // 2
    assert everything - different == of_one_image
    assert table["pairs"][:2].sum() == 1000 * 999 // 2
    assert table["same_image"][0] == pytest.approx(of_one_image / everything)
    assert (table["within"][0] - table["within"][2]) > 0.5 * of_one_image / everything
    assert "different images only" in sibling_html(table, features)


def test_the_order_of_rows_does_not_matter(features):
    order = np.random.default_rng(1).permutation(2000)
    columns = {name: getattr(features, name)[order] for name in ("values", "fooling_set", "target", "run", "image")}
    pd.testing.assert_frame_equal(sibling_table(replace(features, **columns)), sibling_table(features))


def test_features_of_other_runs_are_told(features):
    cases = {
        "one encoding against one network": replace(features, origins=[ORIGIN, small_origin(method="direct", **SCALE)]),
        "on ImageNet": replace(features, origins=[small_origin(**SCALE | {"dataset": "mnist"})] * 2),
        "not one final image of each": replace(features, target=features.target[::-1].copy() % 999),
    }
    for message, other in cases.items():
        with pytest.raises(FoolingError, match=message):
            sibling_table(other)


def test_the_classes_of_the_highest_lower_confidence_are_shown(make_run):
    first, second = np.linspace(0.1, 0.9, len(SHOWN)), np.linspace(0.9, 0.1, len(SHOWN))
    chosen = choose_siblings(make_run(confidence=first), make_run(confidence=second, run=1))
    lower = dict(zip(SHOWN, np.minimum(first, second), strict=True))
    for hypernym, kinds in (("lizard", LIZARDS), ("toy dog", TOY_DOGS)):
        assert set(chosen[hypernym]) == set(sorted(kinds, key=lambda kind: -lower[kind])[:3])
        assert chosen[hypernym] == sorted(chosen[hypernym])


def test_what_makes_no_figure_is_told(make_run, features):
    table = sibling_table(features)
    cases = {
        "two runs on ImageNet": [make_run()],
        "of fewer than 3 kinds of lizard": [make_run(classes=TOY_DOGS), make_run(classes=TOY_DOGS, run=1)],
        "of another encoding or network": [make_run(network="lite2"), make_run(network="lite2", run=1)],
        "is of another encoding": [make_run(method="direct"), make_run(method="direct", run=1)],
        "differ in encoding, network or scale": [make_run(), make_run(run=1, network="lite2")],
    }
    for message, sets in cases.items():
        with pytest.raises(FoolingError, match=message):
            draw_siblings(sets, table)


def test_table_and_figure_are_made_from_files(run_main, tmp_path, features, make_run):
    save_features(tmp_path / "features.npz", features)
    tables = [tmp_path / "siblings.csv", tmp_path / "siblings.html"]
    assert run_main("fooling.tables.siblings", "--features", tmp_path / "features.npz", "--output", *tables) == 0
    assert read_sibling_table(tables[0])["runs"].tolist() == [2] * 4
    assert "\N{MULTIPLICATION SIGN} 60 generations, 2 runs against lite0; the paper" in tables[1].read_text()
    sets = [tmp_path / "seed-0.npz", tmp_path / "seed-1.npz"]
    for seed, path in enumerate(sets):
        save_fooling_set(path, make_run(run=seed))
    outputs = [tmp_path / "figure_09.png", tmp_path / "figure_09.svg"]
    arguments = ("--fooling-sets", *sets, "--siblings", tables[0], "--output", *outputs)
    assert run_main("fooling.figures.experiments.siblings", *arguments) == 0
    assert outputs[0].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in outputs[1].read_bytes()
