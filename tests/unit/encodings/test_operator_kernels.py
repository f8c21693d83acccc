"""Kernels are compiled once and kept, but never beyond an edit of what they are made of."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import fooling

SOURCE = Path(fooling.__file__).parent
PROGRAM = """
import torch
from fooling.encodings import counter_random, operator_kernels
print(float(operator_kernels.uniform(7, 3)), float(counter_random.uniform(torch.tensor([7]), 3)))
"""


def test_a_kernel_follows_an_edit_of_a_file_that_it_imports(tmp_path: Path) -> None:
    copy = tmp_path / "fooling"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))

    def numbers() -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, "-c", PROGRAM]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()

    compiled, plain = numbers()
    assert compiled == plain
    edited = copy / "encodings" / "counter_random.py"
    edited.write_text(edited.read_text().replace("MIX_2 = -7723592293110705685", "MIX_2 = -7723592293110705687"))
    compiled_after, plain_after = numbers()
    assert plain_after != plain
    assert compiled_after == plain_after
