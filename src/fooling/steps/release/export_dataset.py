r"""Make a data set for others of the images that fool their network.

In: fooling sets (the final images of evolution, the last iterates of ascent).
Out: an archive NAME.tar.gz with the distinct images by class, tables of labels, confidences and provenance, checksums
and a datasheet; the datasheet once more beside it; and its metadata for loaders (Croissant 1.0).

    python -m fooling.steps.release.export_dataset \
        --fooling-sets cppn/lenet-1/fooling_set.npz ascent/lenet-1/fooling_set.npz \
        --archive dataset/fooling-images.tar.gz --datasheet dataset/datasheet.md --croissant dataset/croissant.json
"""

from functools import partial
from importlib.metadata import version
from pathlib import Path

from fooling.artifacts.fooling_set_files import FoolingSetFiles
from fooling.artifacts.provenance import Provenance, file_digest, provenance_path
from fooling.artifacts.storage import save_with
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.errors import FoolingError
from fooling.release.croissant import croissant
from fooling.release.datasheet import datasheet
from fooling.release.files import release_files
from fooling.release.gather import gather, paths_within_run
from fooling.release.tarball import write_archive
from fooling.settings.release import ReleaseSettings

SUFFIX = ".tar.gz"


def main() -> None:
    """Parse the command line, gather, save."""
    parser = step_parser(main)
    parser.add_argument("--fooling-sets", type=Path, nargs="+", required=True, help="fooling sets of the run")
    parser.add_argument("--archive", type=Path, required=True, help="archive to write (.tar.gz)")
    parser.add_argument("--datasheet", type=Path, required=True, help="datasheet to write (.md)")
    parser.add_argument("--croissant", type=Path, required=True, help="metadata to write (.json), beside the archive")
    add_settings(parser, ReleaseSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, ReleaseSettings)
    if not arguments.archive.name.endswith(SUFFIX):
        raise FoolingError(f"Cannot write {arguments.archive}: an archive's name must end in {SUFFIX}.")

    provenance = Provenance("export_dataset", settings.model_dump(mode="json"), arguments.fooling_sets)
    paths = paths_within_run(arguments.fooling_sets)
    digests = [read["sha256"] for read in provenance.record()["inputs"]]
    fooling_sets = FoolingSetFiles(arguments.fooling_sets).values()
    release = gather(zip(paths, digests, fooling_sets, strict=True), settings.least_confidence)
    names = {"name": arguments.archive.name.removesuffix(SUFFIX), "version": version("fooling")}
    sheet = datasheet(release, settings, **names)
    files = release_files(release, sheet)
    write_archive(arguments.archive, names["name"], files)
    metadata = croissant(release, settings, **names, files=files, archive_digest=file_digest(arguments.archive))
    save_with(arguments.datasheet, partial(Path.write_text, data=sheet, encoding="utf-8"))
    save_with(arguments.croissant, partial(Path.write_text, data=metadata, encoding="utf-8"))
    provenance.save(provenance_path(arguments.croissant))


if __name__ == "__main__":
    run_step(main)
