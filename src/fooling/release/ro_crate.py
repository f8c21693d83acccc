"""A results folder described as an RO-Crate (Process Run Crate 0.5): files, steps, and what each step read and wrote.

All of it comes from the provenance records beside the results. A step is an action. Its instrument is the program with
the code it had at the time, its objects are its settings and the files it read, and its results are what it wrote.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fooling.errors import FoolingError
from fooling.results.trace import Traced, trace

METADATA = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENSE = "https://spdx.org/licenses/MIT.html"
AUTHORS = "#authors"
PAPER = "https://arxiv.org/abs/1412.1897"
RECORD = ".provenance.json"
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]
ENCODINGS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".npz": "application/zip",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}

Entity = dict[str, Any]


def ro_crate(folder: Path, version: str) -> str:
    """Return the metadata of a results folder as JSON; equal files with equal dates give equal text.

    Paths in the records are taken from the present folder, in which the workflow ran.

    Args:
        folder: the results, such as `results/default`.
        version: of this package.

    Raises:
        FoolingError: there is no provenance record in the folder, or one cannot be read.
    """
    contents = list(_contents(folder))
    files = [trace(path) for path in contents if path.is_file()]
    actions: dict[str, list[Traced]] = defaultdict(list)
    for traced in files:
        if traced.record is not None:
            actions[_action_id(traced.record)].append(traced)
    if not actions:
        raise FoolingError(f"{folder} holds no provenance records; name the results of a finished run.")
    crate = _Crate(folder)
    for identity, made in actions.items():
        crate.add_action(identity, made, version)
    for path in contents:
        crate.add_part(path)
    return json.dumps({"@context": CONTEXT, "@graph": [*crate.head(list(actions)), *crate.entities()]}, indent=1) + "\n"


def _contents(folder: Path) -> Iterator[Path]:
    """Yield the files of the crate, and in place of their files the folders that no record lies in."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == METADATA:
            continue
        if path.is_dir() and any(path.rglob(f"*{RECORD}")):
            yield from _contents(path)
        else:
            yield path


def _action_id(record: Mapping[str, Any]) -> str:
    """Return the name of a step's action; two records of one step, beside two of its outputs, differ in duration."""
    return f"#{record['step']}-{_short({name: value for name, value in record.items() if name != 'duration_seconds'})}"


def _short(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


class _Crate:
    """The entities of one crate, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entities: dict[str, Entity] = {}
        self._parts: list[str] = []
        self._newest = ""

    def head(self, actions: list[str]) -> list[Entity]:
        """Return the entities that a crate begins with: the metadata, the root, and what the root refers to."""
        return [
            {
                "@id": METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": f"Results of fooling, configuration {self._folder.name}",
                "description": "Images that fool neural networks, with the networks, measurements, figures and tables, "
                "and the steps that made each file.",
                "datePublished": self._newest,
                "license": {"@id": LICENSE},
                "author": {"@id": AUTHORS},
                "conformsTo": {"@id": PROFILE},
                "citation": {"@id": PAPER},
                "hasPart": _refer(self._parts),
                "mentions": _refer(actions),
            },
            {"@id": AUTHORS, "@type": "Organization", "name": "The fooling authors"},
            {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
            {
                "@id": LICENSE,
                "@type": "CreativeWork",
                "name": "MIT License",
                "description": "The licence of this data.",
            },
            {
                "@id": PAPER,
                "@type": "ScholarlyArticle",
                "name": "Deep Neural Networks are Easily Fooled: High Confidence Predictions for Unrecognizable Images",
            },
        ]

    def entities(self) -> list[Entity]:
        """Return all other entities."""
        return list(self._entities.values())

    def add_action(self, identity: str, made: list[Traced], version: str) -> None:
        """Add a step and what it refers to; `made` are the files that its record lies beside, and the record."""
        record = made[0].record
        assert record is not None
        results = [traced for traced in made if not traced.path.name.endswith(RECORD)]
        ended = datetime.fromtimestamp(max(int(traced.path.stat().st_mtime) for traced in made), UTC)
        began = ended - timedelta(seconds=record["duration_seconds"])
        self._newest = max(self._newest, ended.isoformat())
        read = [self._add_input(traced, recorded) for traced, recorded in made[0].inputs]
        settings = [self._add_setting(name, value) for name, value in record["settings"].items()]
        self._entities[identity] = {
            "@id": identity,
            "@type": "CreateAction",
            "name": record["step"],
            "description": f"Took {record['duration_seconds']} s on {record['machine']['platform']}.",
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "startTime": began.isoformat(timespec="seconds"),
            "endTime": ended.isoformat(timespec="seconds"),
            "instrument": {"@id": self._add_instrument(record, version)},
            "object": _refer([*read, *settings]),
            "result": _refer([self._in_crate(traced.path) for traced in results]),
            "subjectOf": _refer([self._in_crate(traced.path) for traced in made if traced not in results]),
        }

    def add_part(self, path: Path) -> None:
        """Add a file of the crate, or a folder as a whole."""
        identity = self._in_crate(path)
        self._parts.append(identity)
        if path.is_dir():
            entity = {"@type": "Dataset", "name": path.name, "description": f"The folder {path.name}, as a whole."}
        else:
            entity = {"@type": "File", "name": path.name, "contentSize": str(path.stat().st_size)}
            entity["sha256"] = trace(path).sha256 or ""
            if path.suffix in ENCODINGS:
                entity["encodingFormat"] = ENCODINGS[path.suffix]
        self._entities[identity] = {"@id": identity, **entity}

    def _in_crate(self, path: Path) -> str:
        relative = quote(path.relative_to(self._folder).as_posix())
        return f"{relative}/" if path.is_dir() else relative

    def _add_input(self, traced: Traced, recorded: str) -> str:
        """Add a file that was read, unless it is one of the crate's and still what it was."""
        if traced.sha256 == recorded and traced.path.is_relative_to(self._folder):
            return self._in_crate(traced.path)
        identity = f"#input-{recorded[:12]}"
        origin = f"It is {traced.source()}." if traced.sha256 == recorded else "It is no longer there as it was read."
        description = f"A file that is not part of this crate. {origin}"
        entity = {"@type": "CreativeWork", "name": str(traced.path), "description": description, "sha256": recorded}
        self._entities[identity] = {"@id": identity, **entity}
        return identity

    def _add_setting(self, name: str, value: Any) -> str:
        text = value if isinstance(value, (str, int, float)) else json.dumps(value)
        identity = f"#setting-{name}-{_short(value)}"
        self._entities[identity] = {"@id": identity, "@type": "PropertyValue", "name": name, "value": text}
        return identity

    def _add_instrument(self, record: Mapping[str, Any], version: str) -> str:
        """Add the program that ran: one for each state of its code and of the packages under it."""
        packages = [self._add_package(name, number) for name, number in record["versions"].items()]
        identity = f"#program-{record['step']}-{_short([record['code'], record['versions']])}"
        self._entities[identity] = {
            "@id": identity,
            "@type": "SoftwareApplication",
            "name": record["step"],
            "description": f"The step {record['step']} of fooling: {len(record['code'])} modules, whose digests are in "
            "the provenance records.",
            "softwareVersion": f"{version}, code {_short(record['code'])}",
            "softwareRequirements": _refer(packages),
        }
        return identity

    def _add_package(self, name: str, number: str) -> str:
        identity = f"#package-{name}-{quote(number)}"
        package = {"@type": "SoftwareApplication", "name": name, "softwareVersion": number}
        self._entities[identity] = {"@id": identity, **package}
        return identity


def _refer(identities: list[str]) -> Entity | list[Entity]:
    references: list[Entity] = [{"@id": identity} for identity in dict.fromkeys(identities)]
    return references[0] if len(references) == 1 else references
