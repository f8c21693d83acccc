"""The code a rule depends on, as parameters: Snakemake itself does not see edits in imported modules.

A rule lists `*code("fooling.steps.NAME")` among its params and is run again when one of these strings
changes. They are digests of the meaning, so that comments, docstrings, formatting and dates do not count.
"""

from functools import cache
from pathlib import Path

import grimp
from grimp.exceptions import SourceSyntaxError

import fooling
from fooling.artifacts.provenance import module_digest
from fooling.errors import FoolingError

SOURCES = Path(fooling.__file__).parent


def code(module: str) -> list[str]:
    """Return `module@digest` for `module` and each module of this package that importing it runs, sorted.

    Raises:
        FoolingError: a module of the package is not valid Python.
    """
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports().find_modules_directly_imported_by(name)
            if "." in name:  # importing a module runs its packages' __init__ first
                waiting.append(name.rpartition(".")[0])
    return [f"{name}@{module_digest(name)}" for name in sorted(found)]


@cache
def _imports() -> grimp.ImportGraph:
    try:
        return grimp.build_graph("fooling", cache_dir=None)
    except SourceSyntaxError as error:
        raise FoolingError(f"{str(error).strip()}; correct it first.") from error
