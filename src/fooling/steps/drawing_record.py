"""The provenance of a figure or a table: which files it was drawn from, by which code and versions."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fooling.provenance import Provenance


def drawing_record(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace, further: Sequence[Path] = ()
) -> Provenance:
    """Return the record of a step that draws or tabulates, to be saved beside its first output.

    The files among `arguments` are its inputs, and so are `further` ones; the rest its settings.
    """
    given = {name: value for name, value in vars(arguments).items() if name != "output"}
    inputs = {name: [path for path in _paths(value) if path.is_file()] for name, value in given.items()}
    settings = {name: _plain(value) for name, value in given.items() if not inputs[name]}
    step = parser.prog.rpartition(".")[2]
    return Provenance(
        step, settings, list(dict.fromkeys(path for files in [*inputs.values(), further] for path in files))
    )


def _paths(value: Any) -> Iterator[Path]:
    yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, Path))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value
