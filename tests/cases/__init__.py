"""What people really have: files, folders, texts and machines, each tried, with what the user then sees.

`python -m tests.cases` prints the list. Each module named in `KINDS` has `CASES`, from the name of a case to a function
that makes it in an empty folder and returns what the user sees; a `FoolingError` is shown by its sentence.
"""

import importlib
import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fooling.errors import FoolingError

KINDS = ("images", "folders", "texts", "names", "data", "configurations", "machines", "checkpoints")

Case = Callable[[Path], str]


def collect() -> Iterator[tuple[str, str, Case]]:
    """Yield kind, name and function of every case."""
    for kind in KINDS:
        module = f"{__name__}.{kind}"
        if importlib.util.find_spec(module) is not None:
            yield from ((kind, name, case) for name, case in importlib.import_module(module).CASES.items())


def seen(case: Case) -> str:
    """Return what the user sees, with the folder of the case as `…`; what is no `FoolingError` comes through."""
    with tempfile.TemporaryDirectory(prefix="fooling-case-") as folder:
        try:
            text = case(Path(folder))
        except FoolingError as error:
            text = str(error)
        return text.replace(f"{folder}/", "").replace(folder, "\N{HORIZONTAL ELLIPSIS}")
