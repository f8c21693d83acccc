import numpy as np
import pandas as pd
import pytest

from fooling.artifacts.detector_scores import NATURAL, save_scores
from fooling.errors import FoolingError
from fooling.figures.experiments.detection import draw_detection
from fooling.tables.detection import detection_html, detection_table, read_detection_table

KINDS = [("cppn", "", 2), ("ascent", "169", 1), ("noise", "", 0), ("cifar10", "", 0)]


def scores(unknown: float, kinds=KINDS, confidence: float = 1.0, detectors=("energy", "knn")) -> pd.DataFrame:
    """Return scores of one network: natural images have 1 to 40, all others the score `unknown`."""
    rows = [{"images": NATURAL, "set": "", "round": 0, "score": float(place)} for place in range(1, 41)]
    for images, ascent_set, number in kinds:
        rows += [{"images": images, "set": ascent_set, "round": number, "score": unknown}] * 5
    table = pd.DataFrame(rows).assign(run=0, confidence=confidence)
    for detector in detectors:
        table[detector] = table["score"]
    return table.drop(columns="score")


@pytest.fixture
def table() -> pd.DataFrame:
    """Return that of two networks: on one half is detected, on the other all, but it has no image of ascent."""
    return detection_table([scores(20.5), scores(0.0, [KINDS[0], *KINDS[2:]], confidence=0.9)])


def test_networks_count_alike(table):
    assert len(table) == 4 * 2
    cppn = table[(table["images"] == "cppn") & (table["detector"] == "knn")].iloc[0]
    assert (cppn["networks"], cppn["count"], cppn["fooling"], cppn["round"]) == (2, 10, 5, 2)
    # 20 of 40 natural images score higher on one network, all on the other; 38 of 40 reach the score 3.
    assert cppn["auroc"] == pytest.approx((0.5 + 1) / 2)
    assert cppn["fpr95"] == pytest.approx((1 + 0) / 2)
    assert cppn["fooling_passes"] == 1
    ascent = table[table["images"] == "ascent"]
    assert set(ascent["networks"]) == {1}
    assert set(ascent["auroc"]) == {0.5}


def test_the_table_is_read_as_it_was_written(table, tmp_path):
    unsure = detection_table([scores(0.0, confidence=0.5)])
    for each in (table, unsure):
        each.to_csv(tmp_path / "detection.csv", index=False)
        read = read_detection_table(tmp_path / "detection.csv")
        pd.testing.assert_frame_equal(read[each.columns], each, check_dtype=False)


@pytest.mark.parametrize(
    "damage",
    [
        lambda table: table.iloc[1:],
        lambda table: pd.concat([table, table.iloc[:1]]),
        lambda table: table.replace({"knn": "guess"}),
    ],
)
def test_a_table_that_lacks_rows_is_told(table, tmp_path, damage):
    damage(table).to_csv(tmp_path / "detection.csv", index=False)
    with pytest.raises(FoolingError, match="has not one row for each kind of images and detector"):
        read_detection_table(tmp_path / "detection.csv")


def test_the_page_has_every_number_and_names_what_it_shows(table):
    page = detection_html(table, 80)
    for text in ("Against 80 natural images", "CPPN encoding, round 2", "gradient ascent, set 169", "uniform noise"):
        assert text in page
    assert "nearest neighbours</td><td>10 on 2</td><td>0.750 [" in page
    assert "<td>\N{EN DASH}</td>" in detection_html(detection_table([scores(0.0, confidence=0.5)]), 40)


def test_networks_with_different_detectors_are_no_table():
    with pytest.raises(FoolingError, match="different detectors"):
        detection_table([scores(0.0), scores(0.0, detectors=("energy",))])


def test_the_heat_map_has_a_cell_for_each_share(table):
    axes = draw_detection(table).axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("75") == 2 * 3  # AUROC of the three kinds that both networks have
    assert {"CPPN encoding, round 2 (10)", "CPPN encoding, round 2 (5)", "CIFAR-10 (10)", "energy"} <= set(texts)
    assert len(axes.patches) == 3 * len(table)
    unsure = draw_detection(detection_table([scores(0.0, confidence=0.5)])).axes[0]
    assert len(unsure.patches) == 2 * len(table)


def test_from_scores_to_the_picture(tmp_path, run_main):
    paths = [tmp_path / f"lenet-{number}" / "detectors.csv" for number in (1, 2)]
    for path, unknown in zip(paths, (3.0, 20.0), strict=True):
        save_scores(path, scores(unknown))
    made = [tmp_path / "detection.csv", tmp_path / "detection.html"]
    assert run_main("fooling.tables.detection", "--scores", *paths, "--output", *made) == 0
    picture = tmp_path / "detection.png"
    arguments = ("--table", made[0], "--output", picture)
    assert run_main("fooling.figures.experiments.detection", *arguments) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert np.isfinite(read_detection_table(made[0])["auroc"]).all()
