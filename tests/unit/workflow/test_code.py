import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fooling.workflow.code import SOURCES, code

STEPS = sorted(
    ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)
    for path in SOURCES.rglob("*.py")
    if "if __name__ ==" in path.read_text(encoding="utf-8")
)
"""Every module that can be run."""

IMPORTED = """
import importlib, os, sys
import matplotlib.pyplot, numba, numpy, pandas, pydantic, scipy.ndimage, seaborn, torch, torchvision
for step in sys.argv[1:]:
    if os.fork() == 0:
        importlib.import_module(step)
        print(step, *sorted(name for name in sys.modules if name.partition(".")[0] == "fooling"), flush=True)
        os._exit(0)
    os.wait()
"""


def modules(strings: list[str]) -> list[str]:
    return [string.partition("@")[0] for string in strings]


def test_a_steps_code_is_what_python_imports_when_it_runs():
    output = subprocess.run([sys.executable, "-c", IMPORTED, *STEPS], capture_output=True, text=True, check=True).stdout
    imported = {line.split()[0]: line.split()[1:] for line in output.splitlines()}
    assert sorted(imported) == STEPS
    assert {step: modules(code(step)) for step in STEPS} == imported


def test_drawing_is_no_part_of_computing_nor_one_encoding_of_the_other():
    evolve = modules(code("fooling.steps.evolution.evolve_cppn"))
    assert "fooling.encodings.cppn" in evolve
    assert "fooling.encodings.direct" not in evolve
    assert not [name for name in evolve if name.startswith(("fooling.figures", "fooling.workflow"))]
    assert "fooling.training.small_networks" not in evolve


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(SOURCES, tmp_path / "fooling", ignore=shutil.ignore_patterns("__pycache__"))


def code_in(package: Path, module: str) -> dict[str, str]:
    """The digests by module, for the package at another place."""
    script = f"from fooling.workflow.code import code; print(*code('{module}'))"
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    output = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return dict(string.split("@") for string in output.stdout.split())


def edit(path: Path, before: str, after: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert before in source
    path.write_text(source.replace(before, after, 1), encoding="utf-8")


def test_only_the_digest_of_an_edited_module_changes(copied):
    before = code_in(copied, "fooling.steps.evolution.evolve_direct")
    edit(copied / "artifacts/storage.py", "force_zip64=True", "force_zip64=False")
    after = code_in(copied, "fooling.steps.evolution.evolve_direct")
    assert {name for name in before if before[name] != after[name]} == {"fooling.artifacts.storage"}


def test_comments_docstrings_and_formatting_do_not_count(copied):
    before = code_in(copied, "fooling.steps.evolution.evolve_direct")
    edit(copied / "artifacts/storage.py", '"""Files that are whole or absent', '"""Whole files')
    edit(copied / "artifacts/storage.py", "allow_pickle=False)", "allow_pickle=False  # safe\n    )")
    edit(copied / "settings/base.py", "class Settings(BaseModel):\n", "# Frozen.\n\n\nclass Settings(BaseModel):\n\n")
    assert code_in(copied, "fooling.steps.evolution.evolve_direct") == before


def test_a_package_that_does_something_when_imported_counts(copied):
    before = code_in(copied, "fooling.steps.evolution.evolve_direct")
    (copied / "encodings/__init__.py").write_text("from fooling.ascent import gradient_ascent\n", encoding="utf-8")
    after = code_in(copied, "fooling.steps.evolution.evolve_direct")
    added = {"", ".gradient_ascent", ".milestones", ".regularisation", ".step_rule"}
    assert set(after) - set(before) == {"fooling.settings.ascent", *(f"fooling.ascent{name}" for name in added)}
    assert before["fooling.encodings"] != after["fooling.encodings"]


def test_a_module_that_is_not_valid_python_is_named_in_a_sentence(copied):
    (copied / "figures/parts/style.py").write_text("def broken(:\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        code_in(copied, "fooling.steps.evolution.evolve_direct")
    sentence = caught.value.stderr.splitlines()[-1]
    assert sentence.startswith("fooling.errors.FoolingError: Syntax error in ")
    assert "figures/parts/style.py, line 1" in sentence
    assert sentence.endswith("; correct it first.")
