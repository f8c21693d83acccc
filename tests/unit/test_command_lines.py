"""What holds for every module that runs by itself: its help shows how to call it, and drawing needs no torch."""

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import fooling

SOURCES = Path(fooling.__file__).parent
RUNNABLE = sorted(
    ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)
    for path in SOURCES.rglob("*.py")
    if "if __name__ ==" in path.read_text(encoding="utf-8")
)
PICTURES_AND_TABLES = [name for name in RUNNABLE if name.startswith(("fooling.figures.", "fooling.tables."))]
DRAWING = [
    name
    for name in RUNNABLE
    if name.removeprefix("fooling.")
    .removeprefix("steps.")
    .startswith(("claims.", "figures.", "gallery.", "release.", "results.", "tables."))
]


def test_they_are_found() -> None:
    assert {"fooling.breed", "fooling.steps.training.train", "fooling.tables.transfer"} <= set(RUNNABLE)
    assert {"fooling.steps.release.export_dataset", "fooling.figures.ascent.sheet"} <= set(DRAWING)


@pytest.mark.parametrize("module", RUNNABLE)
def test_the_help_shows_how_the_module_is_called(
    module: str, run_main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(module, "--help") == 0
    usage, _, description = capsys.readouterr().out.partition("\n\n")
    assert usage.split()[:4] == ["usage:", "python", "-m", module]
    assert f"-m {module} " in description, "the docstring has no example"


@pytest.mark.parametrize("module", PICTURES_AND_TABLES)
def test_drawing_tells_what_goes_in_and_out(module: str) -> None:
    docstring = importlib.import_module(module).__doc__ or ""
    assert "In: " in docstring
    assert "Out: " in docstring


def test_drawing_imports_no_torch() -> None:
    code = f"import sys, {', '.join(DRAWING)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
