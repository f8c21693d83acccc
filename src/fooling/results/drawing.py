"""What every module that draws a figure or makes a table shares: its command line and its provenance record."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import step_parser


def drawing_parser(main: Callable[[], None]) -> argparse.ArgumentParser:
    """Return a parser whose `--help` is the docstring of `main`'s module, with the flag `--output`."""
    parser = step_parser(main)
    parser.add_argument("--output", type=Path, nargs="+", required=True, help="files to write; suffixes name formats")
    return parser


@contextmanager
def recorded(
    parser: argparse.ArgumentParser, further: Callable[[argparse.Namespace], Sequence[Path]] = lambda _: ()
) -> Iterator[argparse.Namespace]:
    """Parse the command line, yield the arguments, and save the provenance record beside what the block has written.

    The files among the arguments are the inputs of the record, and so are `further` ones; the rest its settings. The
    record is taken before the block, since inputs and code may be edited while it runs. It is saved beside the first
    output.
    """
    arguments = parser.parse_args()
    given = {name: value for name, value in vars(arguments).items() if name != "output"}
    inputs = {name: [path for path in _paths(value) if path.is_file()] for name, value in given.items()}
    settings = {name: _plain(value) for name, value in given.items() if not inputs[name]}
    files = dict.fromkeys(path for paths in [*inputs.values(), further(arguments)] for path in paths)
    record = Provenance(parser.prog.partition("fooling.")[2], settings, list(files))
    yield arguments
    record.save(provenance_path(arguments.output[0]))


def _paths(value: Any) -> Iterator[Path]:
    yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, Path))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value
