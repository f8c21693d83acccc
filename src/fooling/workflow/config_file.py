"""A configuration as a file of YAML."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from fooling.errors import FoolingError
from fooling.settings.base import no_such_file
from fooling.settings.config import Config, load_config

_MERGE = "tag:yaml.org,2002:merge"
"""Of the key `<<`, which a table may have several times."""


def read_config(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        FoolingError: it is missing, no YAML, or has mistakes.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FoolingError(f"The configuration cannot be read: {no_such_file(path)}.") from error
    except OSError as error:
        raise FoolingError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FoolingError(f"The configuration {path} is not valid YAML, as it is not UTF-8; save it so.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # impossible dates and bytes, endless nesting
        raise FoolingError(f"The configuration {path} is not valid YAML: {error}.") from error
    if not isinstance(values, dict):
        raise FoolingError(f"The configuration {path} should be a table of keys and values.")
    check_keys(path)
    return load_config(values, f"The configuration in {path} has mistakes")


def check_keys(path: Path) -> None:
    """Check that no table in a file of YAML has a key twice: readers of YAML keep the last one without a word.

    Raises:
        FoolingError: one has.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):  # Snakemake takes JSON too, tabs and all
        return
    found = [] if root is None else [f"{key} (lines {first} and {again})" for key, first, again in _repeated(root)]
    if found:
        raise FoolingError(f"The configuration {path} has more than once: {', '.join(found)}; keep one of each.")


def _repeated(root: yaml.Node) -> Iterator[tuple[str, int, int]]:
    """Yield each key that its table has had before, with the lines of both, counted from 1."""
    todo, known = [root], set()
    while todo:
        node = todo.pop()
        if id(node) in known:  # an alias
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            lines: dict[str, int] = {}
            for key, value in node.value:
                todo.append(value)
                if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                    line = key.start_mark.line + 1
                    if key.value in lines:
                        yield key.value, lines[key.value], line
                    lines[key.value] = line
