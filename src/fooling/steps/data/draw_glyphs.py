"""Draw the data set of glyphs: a thousand Chinese characters, in fonts that you name.

In: font files, or folders of them; each font has all characters, and those of the test images are of other families.
Out: training and test images as idx files of four dimensions (classes, images, 28, 28), and their provenance record
with the fonts' sha256 and the versions of what drew them. Equal fonts and versions give equal bytes.

Example:
    python -m fooling.steps.data.draw_glyphs --fonts NotoSansCJK-Regular.ttc ukai.ttc --test-fonts uming.ttc \\
        --folder data/glyphs
"""

import logging
from collections.abc import Sequence
from functools import partial
from importlib import metadata
from pathlib import Path

from PIL import features

from fooling.artifacts.provenance import Provenance
from fooling.artifacts.storage import save_with
from fooling.command_line import run_step, step_parser
from fooling.data.datasets import dataset_files
from fooling.data.formats import idx_content
from fooling.data.glyphs.drawing import draw_part, parts
from fooling.data.glyphs.faces import Face, font_files, read_face
from fooling.settings.datasets import GLYPHS
from fooling.settings.glyph_characters import CHARACTERS

SEED = 0
log = logging.getLogger(__name__)


def main() -> None:
    """Parse, draw, save."""
    parser = step_parser(main)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True, help="fonts of the training images")
    parser.add_argument("--test-fonts", type=Path, nargs="+", required=True, help="fonts of the test images")
    parser.add_argument("--folder", type=Path, required=True, help="where the images go")
    arguments = parser.parse_args()
    draw_glyphs(_faces(arguments.fonts), _faces(arguments.test_fonts), arguments.folder, CHARACTERS)


def draw_glyphs(train: Sequence[Face], test: Sequence[Face], folder: Path, characters: Sequence[str]) -> None:
    """Draw all images and write them into `folder`.

    Raises:
        FoolingError: a font does not do, see `draw_part` and `parts`, or the folder cannot be written.
    """
    both = parts(train, test)
    recorded = {
        **{f"{part.name}_fonts": [f"{face.family} {face.style}" for face in part.faces] for part in both},
        "characters": "".join(characters),
        "seed": SEED,
        "drawn_with": {"pillow": metadata.version("pillow"), "freetype": features.version("freetype2")},
    }
    provenance = Provenance("draw_glyphs", recorded, [face.path for part in both for face in part.faces])
    drawn = [draw_part(part, characters, SEED) for part in both]
    for path, part, images in zip(dataset_files(GLYPHS.name, folder), both, drawn, strict=True):
        save_with(path, partial(_write, idx_content(images)))
        log.info("%s: %d images of each of %d characters.", path, part.images, len(characters))
    provenance.save(folder / "provenance.json")


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _faces(places: Sequence[Path]) -> list[Face]:
    return [read_face(path) for path in font_files(places)]


if __name__ == "__main__":
    run_step(main)
