r"""Describe a finished run as an RO-Crate: which step made each file, by which code, from which files and settings.

In: a results folder and the provenance records in it. Out: `ro-crate-metadata.json` in that folder, in the profile
Process Run Crate 0.5. Paths in the records are those of the folder in which the workflow ran: call it there.

    python -m fooling.steps.release.make_ro_crate results/default
"""

from functools import partial
from importlib.metadata import version
from pathlib import Path

from fooling.artifacts.storage import save_with
from fooling.command_line import run_step, step_parser
from fooling.errors import FoolingError
from fooling.release.ro_crate import METADATA, ro_crate


def main() -> None:
    """Parse the command line, describe, save."""
    parser = step_parser(main)
    parser.add_argument("folder", type=Path, help="the results of one configuration")
    folder = parser.parse_args().folder
    if not folder.is_dir():
        raise FoolingError(f"There is no folder {folder}; name the results of a finished run.")
    text = ro_crate(folder, version("fooling"))
    save_with(folder / METADATA, partial(Path.write_text, data=text, encoding="utf-8"))


if __name__ == "__main__":
    run_step(main)
