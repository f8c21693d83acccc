import dataclasses

import numpy as np
import pandas as pd
import pytest
from small import small_elites

from fooling.artifacts.elites import save_elites
from fooling.artifacts.fooling_set import save_fooling_set
from fooling.data.photographs import photographs

ROWS = [(0, 0, 3, -1, -1), (0, 1, 4, -1, -1), (0, 2, 5, -1, -1), (1, 1, 10, 3, 0)]


@pytest.fixture
def evolved(tmp_path, make_fooling_set):
    """Return the options that name the files of a small run."""
    looks = {"channels": 3, "dataset": "imagenet", "network": "lite0", "generation": 1}
    fooling_set = dataclasses.replace(make_fooling_set(**looks), born=np.array([0, 1, 0]))
    save_fooling_set(tmp_path / "fooling_set.npz", fooling_set)
    save_elites(tmp_path / "elites.npz", small_elites(ROWS, [3, 10, 5], origin=fooling_set.origin))
    return "--elites", tmp_path / "elites.npz", "--fooling-set", tmp_path / "fooling_set.npz"


@pytest.fixture
def natural(tmp_path):
    path, label = photographs()[0]
    row = {"source": "photographs", "network": "lite0", "image": path.name, "label": label, "confidence": 0.9}
    table = pd.DataFrame([row | {"top_label": label, "top_confidence": 0.9, "right": 1}])
    table.to_csv(tmp_path / "natural.csv", index=False)
    return tmp_path / "natural.csv"


def test_a_lineage_is_drawn_and_tabulated(run_main, tmp_path, evolved):
    assert run_main("fooling.figures.evolution.ancestry", *evolved, "--output", tmp_path / "figure.png") == 0
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    outputs = [tmp_path / "table.csv", tmp_path / "table.html"]
    assert run_main("fooling.tables.goal_switches", "--elites", evolved[1], evolved[1], "--output", *outputs) == 0
    assert pd.read_csv(outputs[0])["goal_switches"].tolist() == [1.0, 1.0]
    assert "Goal switches" in outputs[1].read_text(encoding="utf-8")


def test_the_idea_is_drawn(run_main, tmp_path, evolved, natural):
    outputs = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    arguments = ("--natural", natural, *evolved, "--network-name", "EfficientNet-Lite0", "--output", *outputs)
    assert run_main("fooling.figures.evolution.idea", *arguments) == 0
    assert all(path.stat().st_size < 1_500_000 for path in outputs)


@pytest.fixture
def draw_from_scores(run_main, tmp_path, evolved, natural):
    """Return a function that draws the idea from scores with changed columns and returns the exit code."""

    def draw(change):
        pd.read_csv(natural).assign(**change).to_csv(natural, index=False)
        return run_main(
            "fooling.figures.evolution.idea", "--natural", natural, *evolved, "--output", tmp_path / "figure.png"
        )

    return draw


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "ilsvrc_val"}, "name their folder by --imagenet-root"),
        ({"image": "none.jpg"}, "no photograph none.jpg"),
        ({"right": 0}, "labelled rightly by lite0"),
        ({"network": "lite1"}, "labelled rightly by lite0"),
    ],
)
def test_a_photograph_that_is_not_there_is_one_sentence(draw_from_scores, capsys, tmp_path, change, message):
    assert draw_from_scores(change) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "figure.png").exists()


def test_a_plane_is_trained_and_drawn(run_main, tmp_path):
    settings = ("--points-per-class", 40, "--iterations", 200, "--grid", 61)
    assert run_main("fooling.steps.experiments.train_plane", "--output", tmp_path / "plane.npz", *settings) == 0
    assert (tmp_path / "plane.provenance.json").exists()
    outputs = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    assert run_main("fooling.figures.experiments.plane", "--plane", tmp_path / "plane.npz", "--output", *outputs) == 0
    assert b"<svg" in outputs[1].read_bytes()
