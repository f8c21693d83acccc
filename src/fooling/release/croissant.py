"""Machine-readable metadata of the data set in the format Croissant 1.0 of MLCommons (JSON-LD)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from fooling.release.files import FOOLED, IMAGES
from fooling.release.gather import ID_DIGITS, Release
from fooling.settings.release import ReleaseSettings

PAPER = (
    "Nguyen, Yosinski, Clune. Deep Neural Networks are Easily Fooled: High Confidence Predictions for Unrecognizable "
    "Images. CVPR 2015. arXiv:1412.1897"
)

_TEXT, _INTEGER, _FLOAT = "sc:Text", "sc:Integer", "sc:Float"
_SUCCESS = {
    "path": (_TEXT, "Where the image is in the archive's folder."),
    "dataset": (_TEXT, "Data set whose classes the network tells apart."),
    "label": (_INTEGER, "Class that the network takes the image for, as it counts them."),
    "class_name": (_TEXT, "Name of that class."),
    "method": (_TEXT, "How it was made: direct or cppn (evolution), or ascent (gradient ascent)."),
    "ascent_set": (_TEXT, "Name of the hyperparameters of gradient ascent; empty for evolution."),
    "network": (_TEXT, "The network that is fooled."),
    "confidence": (_FLOAT, "Confidence of that network in that class, 0 to 1."),
    "log_confidence": (_FLOAT, "Its natural logarithm."),
    "run": (_INTEGER, "Seed of the run."),
    "generation": (_INTEGER, "Generation or iteration that the image was taken at."),
    "born": (_INTEGER, "Generation or iteration that it first existed in."),
    "evaluations": (_INTEGER, "Images that the network had judged by then."),
    "source": (_TEXT, "The fooling set it was taken from."),
    "source_sha256": (_TEXT, "sha256 of that file."),
}
_IMAGE = {
    "labels": (_TEXT, "All classes it fools a network for, the most confident first, with spaces between them."),
    "height": (_INTEGER, "In pixels."),
    "width": (_INTEGER, "In pixels."),
    "channels": (_INTEGER, "1 (grey) or 3 (RGB)."),
    "sha256": (_TEXT, "sha256 of the PNG."),
}


def croissant(
    release: Release,
    settings: ReleaseSettings,
    *,
    name: str,
    version: str,
    files: Mapping[str, bytes],
    archive_digest: str,
) -> str:
    """Return the metadata as JSON.

    Args:
        release: what is described.
        settings: by which it was made.
        name: of the folder in the archive `NAME.tar.gz`, which lies beside the metadata.
        version: of this package.
        files: in the archive, by their path in that folder.
        archive_digest: sha256 of the archive.
    """
    datasets = sorted(release.classes)
    metadata = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": (
            f"{len(release.images)} images that were made to fool networks trained on {' or '.join(datasets)}: each "
            f"is labelled with a confidence of {release.least_confidence:g} or more. With labels, confidences and "
            "provenance, to evaluate detectors and robustness."
        ),
        "license": "https://spdx.org/licenses/MIT.html",
        "creator": {"@type": "sc:Organization", "name": "The fooling authors"},
        "citeAs": PAPER,
        "version": version,
        "keywords": ["fooling images", "adversarial examples", "out-of-distribution detection", *datasets],
        **({"url": settings.url} if settings.url else {}),
        **({"datePublished": settings.published.isoformat()} if settings.published else {}),
        "distribution": [
            _file("archive", f"{name}.tar.gz", "application/x-tar", sha256=archive_digest),
            *(
                _file(
                    table,
                    f"{name}/{table}",
                    "text/csv",
                    sha256=sha256(files[table]).hexdigest(),
                    containedIn={"@id": "archive"},
                )
                for table in (IMAGES, FOOLED)
            ),
            {
                "@type": "cr:FileSet",
                "@id": "pngs",
                "name": "pngs",
                "containedIn": {"@id": "archive"},
                "encodingFormat": "image/png",
                "includes": f"{name}/images/*/*/*/*.png",
            },
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "images",
                "name": "images",
                "description": "One record for each distinct image, with its most confident success.",
                "key": {"@id": "images/id"},
                "field": [_key(), _pixels(), *_fields("images", IMAGES, _SUCCESS | _IMAGE)],
            },
            {
                "@type": "cr:RecordSet",
                "@id": "fooled",
                "name": "fooled",
                "description": "One record for each success: an image, a network, a run, a class.",
                "field": _fields("fooled", FOOLED, _SUCCESS),
            },
        ],
    }
    return json.dumps(metadata, indent=1) + "\n"


def _file(identity: str, url: str, encoding: str, **others: Any) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": identity,
        "name": identity,
        "contentUrl": url,
        "encodingFormat": encoding,
        **others,
    }


def _key() -> dict[str, Any]:
    """Return the field that joins the files, by their name, with the table."""
    name_of_file = {
        "fileSet": {"@id": "pngs"},
        "extract": {"fileProperty": "filename"},
        # Loaders apply it to the result once more.
        "transform": {"regex": f"([0-9a-f]{{{ID_DIGITS}}})(?:\\.png)?"},
    }
    field = _field("images", "id", _TEXT, "Digits made from data set and pixels; the file's name.")
    return {**field, "source": name_of_file, "references": _column(IMAGES, "id")}


def _pixels() -> dict[str, Any]:
    content = {"fileSet": {"@id": "pngs"}, "extract": {"fileProperty": "content"}}
    return {**_field("images", "image", "sc:ImageObject", "The image itself."), "source": content}


def _fields(records: str, table: str, columns: dict[str, tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {**_field(records, name, kind, description), "source": _column(table, name)}
        for name, (kind, description) in columns.items()
    ]


def _field(records: str, name: str, kind: str, description: str) -> dict[str, Any]:
    identity = f"{records}/{name}"
    return {"@type": "cr:Field", "@id": identity, "name": identity, "description": description, "dataType": kind}


def _column(table: str, name: str) -> dict[str, Any]:
    return {"fileObject": {"@id": table}, "extract": {"column": name}}


_OF_CROISSANT = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet"),
    *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
    *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _OF_CROISSANT},
}
"""What the terms mean, as the format prescribes it."""
