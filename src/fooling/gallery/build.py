"""From fooling sets to the files of the gallery."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fooling.artifacts.ancestors import Ancestors, load_ancestors
from fooling.artifacts.elites import Elites, load_elites
from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.artifacts.storage import save_with
from fooling.data.class_names import class_name
from fooling.errors import FoolingError
from fooling.evolution.lineage import lineage_of
from fooling.gallery.pictures import Pictures
from fooling.gallery.run_record import family, way_up

ALONE = 40
"""Of a run's images that neither a sheet nor a genome gives in full, the most confident ones that get a file."""
MARK = "store.js"
"""A file that a gallery has from the beginning, and nothing else is likely to have."""
_SHOWN = {"method", "network", "dataset", "classes", "set", "generations"}
"""What the page says of a run's origin."""
_ROW = ("run", "picture", "target", "log_confidence", "born", "image")


@dataclass(frozen=True)
class Experiment:
    """Fooling sets that belong together.

    Attributes:
        name: of the experiment.
        fooling_sets: their files; elites beside one tell of its lineage.
        scores: the table of the step `transfer` for just these sets in this order, or None.
        ancestors: the genomes of CPPN runs' ancestors, or None.
    """

    name: str
    fooling_sets: Sequence[Path]
    scores: Path | None = None
    ancestors: Path | None = None


def build_gallery(experiments: Sequence[Experiment], folder: Path) -> None:
    """Write the gallery: `index.html` and what it needs beside it; one fooling set is in memory at a time.

    Raises:
        FoolingError: the folder holds something else, an input cannot be read, or inputs do not fit together.
    """
    found = {child.name for child in folder.iterdir()} - {".snakemake_timestamp"} if folder.exists() else set()
    if found and not ({MARK} <= found <= {"data", "images", "sheets", *_page()}):
        raise FoolingError(f"{folder} holds something other than a gallery; choose another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    gallery = _Gallery(folder)
    for experiment in experiments:
        gallery.add(experiment)
    if not len(gallery.pictures):
        raise FoolingError("There is nothing to show: the fooling sets hold no image.")
    gallery.finish()


class _Gallery:
    """What has been gathered so far."""

    def __init__(self, folder: Path) -> None:
        self.pictures = Pictures(folder)
        self._folder = folder
        self._runs: list[dict[str, Any]] = []
        self._rows: dict[str, list[float]] = {name: [] for name in _ROW}
        self._scores: dict[str, dict[str, list[float]]] = {}
        self._names: dict[tuple[str, ...], int] = {}
        self._save_page(MARK, _page()[MARK])

    def add(self, experiment: Experiment) -> None:
        ancestors = load_ancestors(experiment.ancestors) if experiment.ancestors else {}
        first_rows = []
        for path in experiment.fooling_sets:
            first_rows.append(len(self._rows["run"]))
            self._add_set(experiment.name, path, ancestors)
        if experiment.scores:
            self._add_scores(experiment.scores, np.array([*first_rows, len(self._rows["run"])]))

    def _add_set(self, experiment: str, path: Path, ancestors: Mapping[tuple[str, int], Ancestors]) -> None:
        fooling_set = load_fooling_set(path)
        origin = fooling_set.origin
        if fooling_set.images.shape[2] != fooling_set.images.shape[3] or fooling_set.images.shape[1] not in (1, 3):
            raise FoolingError(f"{path} holds images of the shape {fooling_set.images.shape[1:]}, which is not shown.")
        elites = path.with_name("elites.npz")
        final = fooling_set.final()
        number_of = {}
        for seed in np.unique(final.run).tolist():
            number_of[seed] = len(self._runs)
            known = ancestors.get((origin.network, seed)) if origin.method == "cppn" else None
            of_run = fooling_set.select(fooling_set.run == seed)
            self._add_run(experiment, path, of_run, load_elites(elites) if elites.is_file() else None, known)
        rows = np.empty(len(final), dtype=np.int64)
        for row in np.argsort(-final.log_confidence, kind="stable").tolist():  # so that sheets hold like with like
            rows[row] = self.pictures.add(final.images[row])
        for row, picture in enumerate(rows.tolist()):
            run = number_of[int(final.run[row])]
            values = (run, picture, final.target[row], final.log_confidence[row], final.born[row], row)
            for column, value in zip(self._rows.values(), values, strict=True):
                column.append(_plain(value))
        self._give_whole_images(final, rows, [self._runs[run]["genomes"] for run in number_of.values()])

    def _give_whole_images(self, final: FoolingSet, pictures: np.ndarray, genomes: Sequence[bool]) -> None:
        """See to it that as many images as possible can be shown in full."""
        if all(genomes):
            for picture in pictures.tolist():
                self.pictures.draw_from_genome(picture)
        by_confidence = pictures[np.argsort(-final.log_confidence, kind="stable")].tolist()
        reduced = [picture for picture in dict.fromkeys(by_confidence) if self.pictures.is_reduced(picture)]
        for picture in reduced[:ALONE]:
            self.pictures.save_alone(picture, final.images[int(np.flatnonzero(pictures == picture)[0])])

    def _add_run(
        self, experiment: str, path: Path, run: FoolingSet, elites: Elites | None, ancestors: Ancestors | None
    ) -> None:
        record: dict[str, Any] = {"family": None, "frames": None, "way_up": None}
        if elites is not None:
            record["family"] = family(lineage_of(elites), ancestors)
        if ancestors is None or elites is None:
            record["frames"] = self._frames(run)
        if run.origin.method != "ascent":
            record["way_up"] = way_up(elites, run)
        origin, settings = run.origin, run.provenance.get("settings", {})
        labels = origin.labels
        names = tuple(class_name(origin.dataset, target, labels) for target in range(origin.classes))
        self._save_script(f"run-{len(self._runs):04d}", f"run({len(self._runs)}, ", record)
        self._runs.append(
            {
                "experiment": experiment,
                "seed": int(run.run[0]),
                "file": str(path),
                **origin.model_dump(include=_SHOWN),
                "names": self._names.setdefault(names, len(self._names)),
                "settings": settings,
                "family": record["family"] is not None,
                "genomes": bool(record["family"] and ancestors is not None),
                "way_up": record["way_up"] is not None,
                "frames": sorted(set(run.generation.tolist())) if record["frames"] else [],
            }
        )

    def _frames(self, run: FoolingSet) -> dict[str, list[float]]:
        """Return the images before the last ones as columns."""
        before = run.select(np.flatnonzero(~_is_last(run)))
        return {
            "picture": [self.pictures.add(image) for image in before.images],
            "target": before.target.tolist(),
            "generation": before.generation.tolist(),
            "log_confidence": [_plain(value) for value in before.log_confidence],
        }

    def _add_scores(self, path: Path, first_rows: np.ndarray) -> None:
        try:
            table = pd.read_csv(path, keep_default_na=False)
            rows = first_rows[table["fooling_set"].to_numpy()] + table["image"].to_numpy()
            fits = bool((rows < first_rows[table["fooling_set"].to_numpy() + 1]).all())
            targets = np.array(self._rows["target"], dtype=np.int64)[rows]
            fits = fits and np.array_equal(targets, table["target"].to_numpy())
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise FoolingError(f"{path} is not a table of scores of these fooling sets ({error}).") from error
        if not fits:
            raise FoolingError(f"{path} scores other fooling sets; give the sets that it was made of, in their order.")
        table = table.assign(row=rows)
        for network, scores in table.groupby("network", sort=False):
            columns = self._scores.setdefault(str(network), {})
            for name in ("row", "log_confidence", "label", "label_confidence", "rank"):
                columns.setdefault(name, []).extend(_plain(value) for value in scores[name].to_numpy())

    def finish(self) -> None:
        """Write the rest, the page last."""
        data = {
            **self.pictures.finish(),
            "runs": self._runs,
            "rows": self._rows,
            "scores": self._scores,
            "names": list(self._names),
        }
        self._save_script("gallery", "gallery(", data)
        for name, content in _page().items():
            self._save_page(name, content)

    def _save_page(self, name: str, content: bytes) -> None:
        save_with(self._folder / name, partial(_write, content))

    def _save_script(self, name: str, call: str, data: Mapping[str, Any]) -> None:
        text = f"{call}{json.dumps(data, separators=(',', ':'))});\n"
        save_with(self._folder / "data" / f"{name}.js", lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _page() -> dict[str, bytes]:
    """Return the files of the page by name, `index.html` last."""
    parts = (resources.files("fooling.gallery") / "page").iterdir()
    return {
        part.name: part.read_bytes() for part in sorted(parts, key=lambda part: (part.name == "index.html", part.name))
    }


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _is_last(run: FoolingSet) -> np.ndarray:
    """Return which images `final` would keep, bool (N,)."""
    latest = {target: run.generation[run.target == target].max() for target in np.unique(run.target).tolist()}
    return run.generation == np.array([latest[target] for target in run.target.tolist()])


def _plain(value: Any) -> float:
    """Return a NumPy number as Python's, with as many digits as float32 has."""
    return float(f"{value:.7g}") if isinstance(value, np.floating) else int(value)
