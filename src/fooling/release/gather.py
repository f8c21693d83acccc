"""The distinct images that fool their network, each with every class, network and run that it does so for."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import AuthorsOrigin, Origin
from fooling.artifacts.pngs import png_bytes
from fooling.data.class_names import class_name
from fooling.errors import FoolingError

ID_DIGITS = 16


@dataclass(frozen=True)
class Fooled:
    """One success of an image.

    Attributes:
        dataset: whose classes the network tells apart.
        label: the class aimed at, as the network counts them.
        class_name: of that class; the label itself if it has none.
        method: `direct`, `cppn` or `ascent`.
        ascent_set: name of the hyperparameters of gradient ascent; empty for evolution.
        network: that is fooled.
        confidence: of the network in that class, as float64.
        log_confidence: its logarithm, as it is stored.
        run: seed of the run.
        generation: generation (evolution) or iteration (ascent) it was taken at.
        born: the one it first existed in.
        evaluations: images that the network had judged by then: all of the run (evolution), this one's forerunners
            and itself (ascent).
        source: the fooling set it was taken from, as a path within the run.
        source_sha256: of that file.
    """

    dataset: str
    label: int
    class_name: str
    method: str
    ascent_set: str
    network: str
    confidence: float
    log_confidence: np.float32
    run: int
    generation: int
    born: int
    evaluations: int
    source: str
    source_sha256: str


@dataclass(frozen=True)
class FoolingImage:
    """One distinct image.

    Attributes:
        key: hexadecimal digits made from the data set's name and the pixels.
        png: the bytes of its file.
        height: in pixels.
        width: in pixels.
        channels: 1 (grey) or 3 (RGB).
        fooled: its successes, the most confident first.
    """

    key: str
    png: bytes
    height: int
    width: int
    channels: int
    fooled: tuple[Fooled, ...]

    @property
    def best(self) -> Fooled:
        """Its most confident success, which decides where the image is filed."""
        return self.fooled[0]

    @property
    def labels(self) -> list[int]:
        """All classes it fools a network for, the most confident first."""
        return list(dict.fromkeys(success.label for success in self.fooled))


@dataclass(frozen=True)
class Source:
    """A fooling set, and what became of its images.

    Attributes:
        path: of the file within the run.
        sha256: of the file.
        origin: method, network and more.
        provenance: settings, code, versions and inputs of the step that made it.
        final: number of its final images, one for each class and run.
        kept: how many of them are confident enough.
    """

    path: str
    sha256: str
    origin: Origin
    provenance: Mapping[str, Any]
    final: int
    kept: int


@dataclass(frozen=True)
class Release:
    """All that the data set is made of.

    Attributes:
        images: distinct ones.
        sources: the fooling sets, in the given order.
        least_confidence: below which an image was left out.
    """

    images: list[FoolingImage]
    sources: list[Source]
    least_confidence: float

    @cached_property
    def classes(self) -> dict[str, int]:
        """Number of classes of each data set; the largest where networks differ, as after retraining."""
        counts: dict[str, int] = {}
        for source in self.sources:
            dataset = source.origin.dataset
            counts[dataset] = max(counts.get(dataset, 0), source.origin.classes)
        return counts

    @cached_property
    def names(self) -> dict[tuple[str, int], str]:
        """What each class of a data set is called by its first image; networks may differ in it."""
        names: dict[tuple[str, int], str] = {}
        for success in (success for image in self.images for success in image.fooled):
            names.setdefault((success.dataset, success.label), success.class_name)
        return names


def paths_within_run(files: Sequence[Path]) -> list[str]:
    """Return the paths of files from the folder that holds them all, so that they do not tell where the run lies."""
    run = Path(os.path.commonpath([path.parent for path in files]))
    return [path.relative_to(run).as_posix() for path in files]


def gather(fooling_sets: Iterable[tuple[str, str, FoolingSet]], least_confidence: float) -> Release:
    """Gather the final images of all `fooling_sets` that fool their network; equal pixels make one image.

    Args:
        fooling_sets: with the path of each within the run, and the sha256 of its file.
        least_confidence: in the class aimed at.

    Raises:
        FoolingError: an image is neither grey nor RGB, others published it, or none is left.
    """
    found: dict[str, tuple[np.ndarray, list[Fooled]]] = {}
    sources = []
    for path, digest, fooling_set in fooling_sets:
        final = fooling_set.final()
        kept = final.select(final.confidence >= least_confidence)
        for pixels, success in zip(kept.images, _successes(kept, path, digest), strict=True):
            # A copy: a view would keep the whole set in memory.
            found.setdefault(_key(success.dataset, pixels), (pixels.copy(), []))[1].append(success)
        sources.append(
            Source(path, digest, fooling_set.origin, fooling_set.provenance, final=len(final), kept=len(kept))
        )
    if not found:
        raise FoolingError(
            f"No image fools its network with a confidence of {least_confidence:g} or more; "
            "lower dataset.least_confidence."
        )
    return Release([_image(key, *image) for key, image in found.items()], sources, least_confidence)


def _successes(kept: FoolingSet, path: str, digest: str) -> Iterator[Fooled]:
    origin = kept.origin
    if isinstance(origin, AuthorsOrigin):
        raise FoolingError(f"{path} holds images that the paper's authors published; leave it out.")
    for row in range(len(kept)):
        born = int(kept.born[row])
        yield Fooled(
            dataset=origin.dataset,
            label=int(kept.target[row]),
            class_name=class_name(origin.dataset, int(kept.target[row]), origin.labels),
            method=origin.method,
            ascent_set=origin.ascent_set,
            network=origin.network,
            confidence=float(kept.confidence[row]),
            log_confidence=kept.log_confidence[row],
            run=int(kept.run[row]),
            generation=int(kept.generation[row]),
            born=born,
            evaluations=(born + 1) * origin.evaluations,
            source=path,
            source_sha256=digest,
        )


def _key(dataset: str, pixels: np.ndarray) -> str:
    return sha256(f"{dataset} {pixels.shape} ".encode() + pixels.tobytes()).hexdigest()[:ID_DIGITS]


def _image(key: str, pixels: np.ndarray, fooled: list[Fooled]) -> FoolingImage:
    channels, height, width = pixels.shape
    if channels not in (1, 3):
        raise FoolingError(f"{fooled[0].source} has images of {channels} channels; a PNG holds 1 or 3.")
    by_confidence = sorted(fooled, key=lambda success: -float(success.log_confidence))  # ties in the given order
    return FoolingImage(key, png_bytes(pixels), height, width, channels, tuple(by_confidence))
