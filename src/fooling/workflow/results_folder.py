"""The folder of the results: where it is, and whether it can be written.

    python -m fooling.workflow.results_folder config/smoke.yaml

prints the folder of a configuration, for the Makefile.
"""

import sys
from pathlib import Path

import yaml

from fooling.errors import FoolingError
from fooling.settings.config import Config, load_config
from fooling.steps.command_line import step_parser
from fooling.storage import save_with
from fooling.workflow.targets import Targets


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


def read_config(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        FoolingError: it is missing, no YAML, or has mistakes.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FoolingError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # impossible dates and bytes, endless nesting
        raise FoolingError(f"The configuration {path} is not valid YAML: {error}.") from error
    if not isinstance(values, dict):
        raise FoolingError(f"The configuration {path} should be a table of keys and values.")
    return load_config(values, f"The configuration in {path} has mistakes")


def main() -> None:
    """Print the folder."""
    parser = step_parser(main)
    parser.add_argument("config", type=Path, help="the configuration (.yaml)")
    try:
        print(Targets(read_config(parser.parse_args().config)).results)
    except FoolingError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
