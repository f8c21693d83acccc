import base64
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from synthetic import make_set, random_images, read_script

from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.errors import FoolingError
from fooling.gallery.build import ALONE, Experiment, build_gallery
from fooling.gallery.pictures import FROM_GENOME, IN_FILE, IN_SHEET, REDUCED


def save(path: Path, fooling_set: FoolingSet) -> Path:
    save_fooling_set(path / "fooling_set.npz", fooling_set)
    return path / "fooling_set.npz"


def in_sheet(folder: Path, data: dict[str, Any], picture: int) -> np.ndarray:
    """Cut an image out of its sheet: uint8 (H, W) or (H, W, 3)."""
    sheet, place = data["sheets"][data["pictures"]["sheet"][picture]], data["pictures"]["place"][picture]
    left, top = place % sheet["columns"] * sheet["tile"], place // sheet["columns"] * sheet["tile"]
    with Image.open(folder / sheet["file"]) as whole:
        return np.asarray(whole.crop((left, top, left + sheet["tile"], top + sheet["tile"])))


def test_every_distinct_image_is_there_once_and_as_it_was(tmp_path: Path) -> None:
    many = random_images(1500, 28)  # more than a sheet holds
    first = make_set(many, list(range(1500)), classes=1500)
    second = make_set(many[[5, 5, 5, 900]], [0, 1, 2, 3])  # one elite in three classes, all seen before
    colour = make_set(random_images(3, 32, 3), [0, 1, 2], dataset="cifar10")
    sets = [first, second, colour]
    paths = [save(tmp_path / str(number), each) for number, each in enumerate(sets)]
    build_gallery([Experiment("a", paths[:2]), Experiment("b", paths[2:])], tmp_path / "gallery")
    data = read_script(tmp_path / "gallery/data/gallery.js")
    rows, pictures = data["rows"], data["pictures"]
    assert len(pictures["id"]) == len(set(pictures["id"])) == 1503
    assert set(pictures["found"]) == {IN_SHEET}
    everything = [(number, row) for number, each in enumerate(sets) for row in range(len(each))]
    assert len(rows["picture"]) == len(everything) == 1507
    assert len(set(rows["picture"])) == 1503
    for number in [*range(0, 1500, 37), *range(1500, 1507)]:
        which, row = everything[number]
        fooling_set, image = sets[which], sets[which].images[row]
        picture = rows["picture"][number]
        shown = in_sheet(tmp_path / "gallery", data, picture)
        assert np.array_equal(shown, image[0] if len(image) == 1 else np.moveaxis(image, 0, -1))
        assert pictures["id"][picture] == hashlib.sha256(image.tobytes()).hexdigest()[:12]
        assert (rows["target"][number], rows["born"][number]) == (fooling_set.target[row], fooling_set.born[row])
        assert np.float32(rows["log_confidence"][number]) == pytest.approx(fooling_set.log_confidence[row], rel=1e-6)
        run = data["runs"][rows["run"][number]]
        assert (run["dataset"], run["network"]) == (fooling_set.origin.dataset, fooling_set.origin.network)
        assert (Path(run["file"]), rows["image"][number]) == (paths[which], row)
    assert [run["experiment"] for run in data["runs"]] == ["a", "a", "b"]


def test_large_images_are_in_full_in_files_of_their_own_the_most_confident_first(tmp_path: Path) -> None:
    images = random_images(ALONE + 5, 96, 3)
    path = save(tmp_path, make_set(images, list(range(len(images))), dataset="imagenet", classes=1000))
    build_gallery([Experiment("a", [path])], tmp_path / "gallery")
    data = read_script(tmp_path / "gallery/data/gallery.js")
    found = [data["pictures"]["found"][picture] for picture in data["rows"]["picture"]]
    assert found == [IN_FILE] * ALONE + [REDUCED] * 5
    for row in range(ALONE):
        name = data["pictures"]["id"][data["rows"]["picture"][row]]
        with Image.open(tmp_path / f"gallery/images/{name}.png") as whole:
            assert np.array_equal(np.asarray(whole), np.moveaxis(images[row], 0, -1))
    assert data["names"][data["runs"][0]["names"]][1] == "goldfish"
    reduced = in_sheet(tmp_path / "gallery", data, data["rows"]["picture"][-1])
    assert reduced.shape == (128, 128, 3)
    assert reduced.mean() == pytest.approx(images[-1].mean(), abs=4)


def test_sheets_are_as_wide_as_the_page_believes_however_few_their_images(tmp_path: Path) -> None:
    sets = {48: make_set(random_images(5, 48), [0, 1, 2, 3, 4]), 96: make_set(random_images(3, 96), [0, 1, 2])}
    paths = [save(tmp_path / str(side), each) for side, each in sets.items()]
    build_gallery([Experiment("a", paths)], tmp_path / "gallery")
    for sheet in read_script(tmp_path / "gallery/data/gallery.js")["sheets"]:
        with Image.open(tmp_path / "gallery" / sheet["file"]) as whole:
            assert whole.size == (sheet["columns"] * sheet["tile"], sheet["tile"])


def test_each_run_has_the_class_names_of_its_own_network(tmp_path: Path) -> None:
    own = {"dataset": "cifar10", "labels": ["plane", "car", *"23456789"]}
    sets = [make_set(random_images(2, 32, seed=1), [0, 1], **own), make_set(random_images(2, 32), [0, 1])]
    sets.append(make_set(random_images(2, 32, seed=2), [0, 1], dataset="cifar10"))
    build_gallery([Experiment("a", [save(tmp_path / str(n), s) for n, s in enumerate(sets)])], tmp_path / "gallery")
    data = read_script(tmp_path / "gallery/data/gallery.js")
    assert [data["names"][run["names"]][0] for run in data["runs"]] == ["plane", "0", "airplane"]


def test_images_before_the_last_ones_are_frames_not_cards(tmp_path: Path) -> None:
    whole = make_set(random_images(4, 28), [0, 1, 0, 1])
    whole = FoolingSet(**{**vars(whole), "generation": np.array([0, 0, 4, 4])})
    build_gallery([Experiment("a", [save(tmp_path, whole)])], tmp_path / "gallery")
    data, record = (read_script(tmp_path / f"gallery/data/{name}.js") for name in ("gallery", "run-0000"))
    assert len(data["rows"]["picture"]) == 2
    frames = record["frames"]
    assert (frames["target"], frames["generation"]) == ([0, 1], [0, 0])
    assert np.array_equal(in_sheet(tmp_path / "gallery", data, frames["picture"][1]), whole.images[1, 0])
    assert record["way_up"]["generation"] == [0, 4]
    values = np.frombuffer(base64.b64decode(record["way_up"]["log_confidence"]), "<f4").reshape(2, 2)
    assert np.array_equal(values.ravel(), whole.log_confidence)


def test_the_lineage_and_the_genomes_of_a_run(tmp_path: Path, save_cppn_run: Callable[..., list[Path]]) -> None:
    path, ancestors = save_cppn_run(tmp_path, 96, 3)
    build_gallery([Experiment("a", [path], ancestors=ancestors)], tmp_path / "gallery")
    data, record = (read_script(tmp_path / f"gallery/data/{name}.js") for name in ("gallery", "run-0000"))
    assert set(data["pictures"]["found"]) == {FROM_GENOME}
    assert not (tmp_path / "gallery/images").exists()
    family = record["family"]
    # Those that left no elite are not there: individuals 1 and 2.
    assert (family["generation"], family["cell"], family["parent"]) == ([0, 1, 2], [0, 1, 2], [-1, 0, 1])
    assert (family["step"], family["genome"], family["elites"]) == ([0, 2, 2], [0, 3, 4], {"0": 0, "1": 1, "2": 2})
    connections = family["genomes"]["connections"]
    weights = np.frombuffer(base64.b64decode(family["genomes"]["weight"]), "<f4")
    assert len(weights) == sum(connections)
    assert record["frames"] is None


def scores_of(fooling_sets: list[FoolingSet]) -> pd.DataFrame:
    rows = [
        {"fooling_set": number, "image": row, "target": int(target), "network": network, "log_confidence": -0.25 - row}
        | {"label": int(target) if network == "lenet-1" else 7, "label_confidence": 0.5, "rank": 1 + row}
        for number, fooling_set in enumerate(fooling_sets)
        for row, target in enumerate(fooling_set.target)
        for network in ("lenet-1", "lenet-2")
    ]
    return pd.DataFrame(rows)


def test_scores_belong_to_their_rows_and_those_of_other_sets_are_refused(tmp_path: Path) -> None:
    sets = [make_set(random_images(count, 28, seed=count), list(range(count))) for count in (3, 4, 2)]
    paths = [save(tmp_path / str(number), each) for number, each in enumerate(sets)]
    scores_of(sets[1:]).to_csv(tmp_path / "scores.csv", index=False)
    first = Experiment("first", paths[:1])
    build_gallery([first, Experiment("second", paths[1:], scores=tmp_path / "scores.csv")], tmp_path / "gallery")
    scores = read_script(tmp_path / "gallery/data/gallery.js")["scores"]
    assert list(scores) == ["lenet-1", "lenet-2"]
    assert scores["lenet-2"]["row"] == [3, 4, 5, 6, 7, 8]
    assert scores["lenet-2"]["log_confidence"] == [-0.25, -1.25, -2.25, -3.25, -0.25, -1.25]
    assert scores["lenet-1"]["label"] == [0, 1, 2, 3, 0, 1]
    for wrong in ([paths[2], paths[1]], paths[1:2]):
        with pytest.raises(FoolingError, match="scores"):
            build_gallery([Experiment("a", wrong, scores=tmp_path / "scores.csv")], tmp_path / "other")


def test_equal_sets_give_equal_bytes_and_nothing_old_stays(
    tmp_path: Path, save_cppn_run: Callable[..., list[Path]]
) -> None:
    path, ancestors = save_cppn_run(tmp_path / "run", 96, 3)
    for name in ("one", "two"):
        build_gallery([Experiment("a", [path], ancestors=ancestors)], tmp_path / name)
    (tmp_path / "two/images").mkdir()
    (tmp_path / "two/images/old.png").touch()
    build_gallery([Experiment("a", [path], ancestors=ancestors)], tmp_path / "two")
    one, two = ({p.relative_to(tmp_path / name): p for p in (tmp_path / name).rglob("*.*")} for name in ("one", "two"))
    assert one.keys() == two.keys()
    assert all(one[name].read_bytes() == two[name].read_bytes() for name in one)


def test_mistakes_are_sentences(tmp_path: Path) -> None:
    path = save(tmp_path, make_set(random_images(2, 28), [0, 1]))
    for important in ("letters/important.txt", "thesis/images/important.txt"):
        (tmp_path / important).parent.mkdir(parents=True)
        (tmp_path / important).touch()
        with pytest.raises(FoolingError, match="holds something other than a gallery"):
            build_gallery([Experiment("a", [path])], tmp_path / important.split("/", maxsplit=1)[0])
        assert (tmp_path / important).exists()
    with pytest.raises(FoolingError, match="nothing to show"):
        build_gallery([Experiment("a", [])], tmp_path / "gallery")
    with pytest.raises(FoolingError, match="is not a table of scores"):
        build_gallery([Experiment("a", [path], scores=path)], tmp_path / "gallery")


def test_the_step_builds_it_and_knows_its_experiments(tmp_path: Path) -> None:
    path = save(tmp_path, make_set(random_images(2, 28), [0, 1]))
    command = [sys.executable, "-m", "fooling.steps.gallery.make_gallery", "--experiment", "mnist", str(path)]
    command += ["--output", str(tmp_path / "gallery")]
    assert subprocess.run(command, check=False).returncode == 0
    assert (tmp_path / "gallery/index.html").is_file()
    wrong = subprocess.run([*command, "--scores", "imagenet", "x.csv"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert wrong.stderr == "Error: There is no --experiment imagenet; name one whose fooling sets are given.\n"
