"""Machines as they are: containers, homes that cannot be used, other locales, masks and full disks."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import fooling
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

SOURCE = Path(fooling.__file__).parent
NOWHERE = "/dev/null/home"
"""What not even root can make a folder of."""
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Lets root obey the modes of files."""
EVOLVE, DRAW = "fooling.steps.evolution.evolve_cppn", "fooling.figures.evolution.elite_grid"
KERNEL = "from fooling.encodings.operator_kernels import uniform; print('drawn:', 0 <= uniform(7, 3) < 1)"


def obeying_modes() -> Sequence[str]:
    return BOUND if os.geteuid() == 0 and shutil.which("setpriv") else ()


def read_only_copy(folder: Path) -> Path:
    """Return a folder for PYTHONPATH with a copy of the package that cannot be written."""
    copy = folder / "layer"
    shutil.copytree(SOURCE, copy / "fooling", ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*copy.rglob("*"), copy]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return copy


def python(*arguments: str, **environment: str) -> str:
    """Run Python and return the first line that it prints; a sentence of the program is raised as there."""
    usual = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE.parent), "HOME": os.environ.get("HOME", "/")}
    ended = subprocess.run(
        [*obeying_modes(), sys.executable, *arguments],
        env=usual | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
        timeout=300,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    if ended.returncode:
        raise FoolingError(ended.stderr.rpartition("Error: ")[2].strip())
    return ended.stdout.strip().partition("\n")[0]


def unwritable(*arguments: str) -> Callable[[Path], str]:
    """Run Python with a package that cannot be written and a home that cannot be used."""

    def case(folder: Path) -> str:
        layer = read_only_copy(folder)
        try:
            return python(*arguments, PYTHONPATH=str(layer), HOME=NOWHERE, PYTHONWARNINGS="ignore")
        finally:
            for path in [layer, *layer.rglob("*")]:
                path.chmod(0o755)

    return case


def draw(name: str, **environment: str) -> Callable[[Path], str]:
    """Draw from a fooling set that is not there."""
    return lambda folder: python(
        "-m", DRAW, "--fooling-sets", f"{folder}/{name}", "--output", f"{folder}/grid.png", **environment
    )


def masked(folder: Path) -> str:
    mask = os.umask(0o077)
    try:
        save_arrays(folder / "a.npz", "case", {}, {"numbers": np.zeros(3)})
    finally:
        os.umask(mask)
    return f"written with the mode {(folder / 'a.npz').stat().st_mode & 0o777:o}"


def limited(folder: Path) -> str:
    """Write where a file may have 100 bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        save_arrays(folder / "a.npz", "case", {}, {"numbers": np.zeros(3000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    return "written"


def file_in_the_way(folder: Path) -> str:
    (folder / "results").touch()
    save_arrays(folder / "results" / "a.npz", "case", {}, {"numbers": np.zeros(3)})
    return "written"


CASES: dict[str, Callable[[Path], str]] = {
    "read-only code, no home: help of evolution": unwritable("-m", EVOLVE, "--help"),
    "read-only code, no home: help of a figure": unwritable("-m", DRAW, "--help"),
    "read-only code, no home: a kernel runs": unwritable("-c", KERNEL),
    "TMPDIR that is not there": draw("none.npz", TMPDIR="/dev/null/tmp"),
    "locale C": draw("none.npz", LC_ALL="C"),
    "locale C, a path with accents": draw("caf\u00e9.npz", LC_ALL="C"),
    "locale C without UTF-8, a path with accents": draw(
        "caf\u00e9.npz", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"
    ),
    "a path that is not UTF-8": draw("caf\udce9.npz"),
    "a path with a line break": draw("a\nb.npz"),
    "umask 077": masked,
    "a disk without room": limited,
    "a file in the place of the results' folder": file_in_the_way,
}
