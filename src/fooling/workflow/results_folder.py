"""The folder of the results: where it is, and whether it can be written.

    python -m fooling.workflow.results_folder config/smoke.yaml

prints the folder of a configuration, for the Makefile.
"""

import sys
from pathlib import Path

from fooling.artifacts.storage import save_with
from fooling.command_line import step_parser
from fooling.errors import FoolingError
from fooling.workflow.artifacts import Artifacts
from fooling.workflow.config_file import read_config


def check_is_folder(path: Path) -> None:
    """Check that `path` is a folder or can become one.

    Raises:
        FoolingError: it or a folder above it is a file.
    """
    for part in (path, *path.parents):
        if part.exists() and not part.is_dir():
            raise FoolingError(f"{part} is a file, but the results need a folder there; move it away.")


def check_writable(folder: Path) -> None:
    """Make `folder` and try to write into it, before any job does.

    Raises:
        FoolingError: it cannot be written.
    """
    probe = folder / ".writable"
    save_with(probe, lambda path: path.touch())
    probe.unlink()


def main() -> None:
    """Print the folder."""
    parser = step_parser(main)
    parser.add_argument("config", type=Path, help="the configuration (.yaml)")
    try:
        print(Artifacts(read_config(parser.parse_args().config)).results)
    except FoolingError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
