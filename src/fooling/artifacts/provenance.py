"""Where a result comes from: settings, seed, inputs, code and versions.

The record that goes into an artifact is deterministic, so that equal runs give equal bytes; what
differs from run to run (duration, machine) goes into a JSON file beside it.
"""

import ast
import hashlib
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import fooling
from fooling.artifacts.storage import save_with
from fooling.errors import FoolingError

PACKAGES = ("numpy", "torch", "torchvision", "numba", "pandas", "matplotlib")


def file_digest(path: Path) -> str:
    """Return the sha256 of a file as 64 hexadecimal digits.

    Raises:
        FoolingError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FoolingError(f"{path} cannot be read ({error.strerror}).") from error


def code_digest(source: str) -> str:
    """Return 16 hexadecimal digits that change only when the meaning of Python `source` may change.

    Comments, formatting and docstrings (any bare string statement) do not count.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [statement for statement in block if not _is_bare_string(statement)])
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


@cache
def module_digest(module: str) -> str | None:
    """Return the `code_digest` that a module of this package has on disk when first asked for; None if there is none.

    Args:
        module: its whole name, such as `fooling.artifacts.provenance`; of a package its `__init__` counts.
    """
    path = Path(fooling.__file__).parent.parent.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return code_digest(source.read_text(encoding="utf-8")) if source.is_file() else None


def _is_bare_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def loaded_code() -> dict[str, str]:
    """Return the digest of each module of this package that the running program has imported."""
    # The module that `python -m` runs is known as __main__; its spec has its name.
    specs = [module.__spec__ for module in list(sys.modules.values()) if getattr(module, "__spec__", None)]
    files = {spec.name: spec.origin for spec in specs if spec and spec.name.split(".")[0] == "fooling"}
    return {name: code_digest(Path(file).read_text(encoding="utf-8")) for name, file in sorted(files.items()) if file}


def _versions() -> dict[str, str]:
    loaded = [name for name in PACKAGES if name in sys.modules]
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in loaded}}


@dataclass
class Provenance:
    """The record of one step; make it when the step begins.

    Attributes:
        step: name of the step, such as `evolve_cppn`.
        settings: all settings of the step, plain values.
        inputs: the files it reads; their sha256 is recorded.
    """

    step: str
    settings: Mapping[str, Any]
    inputs: Sequence[Path] = ()
    _began: float = field(init=False, default_factory=time.monotonic)
    _record: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        # Taken now: inputs and code may be edited while a long step runs.
        self._record = {
            "step": self.step,
            "settings": dict(self.settings),
            "inputs": [{"file": path.name, "sha256": file_digest(path)} for path in self.inputs],
            "code": loaded_code(),
            "versions": _versions(),
        }

    def record(self) -> dict[str, Any]:
        """Return the deterministic part, as plain JSON-able values."""
        return self._record

    def save(self, path: Path) -> None:
        """Write the record, the duration in seconds and the machine as JSON."""
        text = json.dumps(
            {
                **self._record,
                "paths": [str(input_path) for input_path in self.inputs],
                "duration_seconds": round(time.monotonic() - self._began, 3),
                "machine": {"platform": platform.platform(), "processor": platform.processor() or platform.machine()},
            },
            indent=1,
        )
        save_with(path, lambda temporary: temporary.write_text(text + "\n"))


def provenance_path(output: Path) -> Path:
    """Return the path of the provenance record beside an output."""
    return output.with_name(f"{output.stem}.provenance.json")
