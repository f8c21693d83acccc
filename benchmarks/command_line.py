"""What the benchmarks' command lines share."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.machine import describe
from fooling.artifacts.storage import save_table
from fooling.command_line import step_parser
from fooling.devices import prepare_device
from fooling.settings.base import parse
from fooling.settings.compute import ComputeSettings


def bench_parser(main: Callable[..., object]) -> argparse.ArgumentParser:
    """Return a parser with the flags that all benchmarks have; its help is the docstring of the module of `main`."""
    parser = step_parser(main)
    parser.add_argument("--folder", type=Path, default=Path("results/bench"), help="where to write [results/bench]")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or auto [cpu]")
    parser.add_argument("--threads", type=int, default=1, help="of torch and numba [1]")
    return parser


def prepare(arguments: argparse.Namespace) -> torch.device:
    """Set device and threads as the flags say, and print what is measured on."""
    values = {"device": arguments.device, "threads": arguments.threads}
    device = prepare_device(parse(ComputeSettings, values, "These flags are not right"))
    print(describe(device))
    return device


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table with one row for each mapping; all have the same keys."""
    save_table(path, {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]})
    print(f"wrote {path}")


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table."""
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
