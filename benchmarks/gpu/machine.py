r"""Say what the machine is, and whether the Triton renderer and a network run on it.

Out, in the folder: machine.json, written after each part, so that a crash in one leaves the others.

    python -m benchmarks.gpu.machine --device cuda --folder results/bench/gpu
"""

import json
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import triton

from benchmarks.command_line import bench_parser, prepare
from benchmarks.genomes import genomes_of_size, program_of, settings_for
from benchmarks.gpu.scale import scale_on
from benchmarks.machine import describe
from benchmarks.networks import build
from benchmarks.timing import seconds
from fooling.artifacts.storage import save_with
from fooling.command_line import run_step
from fooling.encodings import cppn_triton
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.cppn_reference import draw, read_genome
from fooling.encodings.cppn_render import coordinate_planes

Facts = dict[str, Any]
HIDDEN_NODES = 20


def main() -> None:
    """Parse the command line, try, save."""
    arguments = bench_parser(main).parse_args()
    device = prepare(arguments)
    scale = scale_on(device.type)
    count, side = scale.drawn
    facts: Facts = {}
    parts: dict[str, Callable[[], Facts]] = {
        "machine": lambda: machine(device),
        "renderer": lambda: renderer(count, side, device),
        "network": lambda: network(scale.networks[0], count, device),
    }
    failed = False
    for name, part in parts.items():
        try:
            facts.update(part())
        except Exception as error:  # noqa: BLE001 - each part is to be tried, whatever breaks in another
            traceback.print_exc()
            facts[f"{name}_failed"] = f"{type(error).__name__}: {error}"[:500]
            failed = True
        save_with(arguments.folder / "machine.json", lambda path: path.write_text(json.dumps(facts, indent=1)))
    sys.exit(int(failed))


def machine(device: torch.device) -> Facts:
    """Return names, versions and memory."""
    facts: Facts = {"machine": describe(device), "triton": triton.__version__}
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        facts |= {
            "compute_capability": f"{properties.major}.{properties.minor}",
            "multiprocessors": properties.multi_processor_count,
            "memory_bytes": properties.total_memory,
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),
        }
        query = shutil.which("nvidia-smi")
        if query is not None:
            wanted = "--query-gpu=driver_version,clocks.max.sm,power.limit"
            command = [query, wanted, "--format=csv,noheader"]
            said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            facts["driver, clock, power"] = said.stdout.strip()
    return facts


def renderer(count: int, side: int, device: torch.device) -> Facts:
    """Draw with the Triton kernel; return what it takes, and in how many bytes it differs from the slow reference."""
    encoding = CppnEncoding((3, side, side), settings_for(HIDDEN_NODES))
    population = genomes_of_size(HIDDEN_NODES, count, encoding, device)
    program, planes = program_of(population, 3), coordinate_planes(side, side, "unit")
    inputs = planes.to(device)
    first = seconds(lambda: cppn_triton.run_program(program, inputs), device)
    again = [seconds(lambda: cppn_triton.run_program(program, inputs), device) for _ in range(3)]
    levels = cppn_triton.run_program(program, inputs).cpu().numpy()
    expected = np.stack([draw(read_genome(population, row, 3), planes.numpy()) for row in range(2)])
    return {
        "renderer_first_s": round(first, 3),
        "renderer_images_per_s": round(count / float(np.median(again)), 1),
        "renderer_wrong_bytes": int((levels[:2] != expected).sum()),
        "renderer_compared_bytes": expected.size,
    }


def network(name: str, count: int, device: torch.device) -> Facts:
    """Let a network judge images of noise; return what it takes."""
    classifier = build(name, device)
    images = torch.randint(256, (count, *classifier.image_shape), dtype=torch.uint8, device=device)
    first = seconds(lambda: classifier.log_confidence(images), device)
    again = [seconds(lambda: classifier.log_confidence(images), device) for _ in range(3)]
    return {
        f"{name}_first_s": round(first, 3),
        f"{name}_images_per_s": round(count / float(np.median(again)), 1),
    }


if __name__ == "__main__":
    run_step(main)
