"""The files of the data set: images by class, tables, lists for loaders, sources, checksums."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any

from fooling.release.gather import Fooled, FoolingImage, Release

IMAGES, FOOLED, SOURCES, DATASHEET, CHECKSUMS = "images.csv", "fooled.csv", "sources.json", "README.md", "SHA256SUMS"
FOOLED_COLUMNS = tuple(field.name for field in fields(Fooled))
IMAGE_COLUMNS = ("path", "id", *FOOLED_COLUMNS, "labels", "height", "width", "channels", "sha256")

OUT_OF_DISTRIBUTION = -1
"""The label of an image that belongs to no class, to OpenOOD and to pytorch-ood."""
LONGEST = 40
"""Letters of a class's name in its folder's: archives allow only so many."""


def class_folder(label: int, name: str, classes: int) -> str:
    """Return the folder of a class, such as `7` or `207_golden_retriever`; in their order the classes are too."""
    number = f"{label:0{len(str(classes - 1))}d}"
    words = re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST].strip("_") if name != str(label) else ""
    return f"{number}_{words}" if words else number


def image_path(image: FoolingImage, release: Release) -> str:
    """Return where an image is filed: under data set, method and class of its most confident success."""
    best = image.best
    folder = class_folder(best.label, release.names[best.dataset, best.label], release.classes[best.dataset])
    return f"images/{best.dataset}/{best.method}/{folder}/{image.key}.png"


def release_files(release: Release, datasheet: str) -> dict[str, bytes]:
    """Return the bytes of every file by its path, in the order of the paths.

    Two kinds of lists name the images with a label: `lists/` with the class that each aims at, and `benchmark_imglist/`
    as OpenOOD has them, where -1 says that an image belongs to no class.

    Args:
        release: what to write.
        datasheet: the text of the README.
    """
    by_path = sorted((image_path(image, release), image) for image in release.images)
    sources = [{**asdict(source), "origin": source.origin.plain()} for source in release.sources]
    texts = {
        IMAGES: _csv(IMAGE_COLUMNS, (_image_row(path, image) for path, image in by_path)),
        FOOLED: _csv(
            ("path", *FOOLED_COLUMNS),
            ({"path": path, **asdict(success)} for path, image in by_path for success in image.fooled),
        ),
        SOURCES: json.dumps(sources, indent=1, sort_keys=True) + "\n",
        DATASHEET: datasheet,
        **{
            f"lists/{dataset}.txt": "".join(
                f"{path} {image.best.label}\n" for path, image in by_path if image.best.dataset == dataset
            )
            for dataset in dict.fromkeys(image.best.dataset for _, image in by_path)
        },
        **_openood_lists(by_path),
    }
    files = {path: image.png for path, image in by_path} | {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return dict(sorted({**files, CHECKSUMS: sums.encode()}.items()))


def openood_list(dataset: str, method: str) -> str:
    """Return the path of the list of images that no class of a data set fits; to OpenOOD each method is a data set."""
    return f"benchmark_imglist/{dataset}/test_{method}.txt"


def _openood_lists(by_path: Iterable[tuple[str, FoolingImage]]) -> dict[str, str]:
    lists: dict[str, list[str]] = {}
    for path, image in by_path:
        place = openood_list(image.best.dataset, image.best.method)
        lists.setdefault(place, []).append(f"{path} {OUT_OF_DISTRIBUTION}\n")
    return {place: "".join(lines) for place, lines in lists.items()}


def _image_row(path: str, image: FoolingImage) -> dict[str, Any]:
    return {
        **asdict(image.best),
        "path": path,
        "id": image.key,
        "labels": " ".join(map(str, image.labels)),
        "height": image.height,
        "width": image.width,
        "channels": image.channels,
        "sha256": sha256(image.png).hexdigest(),
    }


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
