r"""Measure the whole loop against the network's forward pass alone, by network, precision, children and views.

TF32 is no setting of the product; it is switched on here to learn what it would bring. The networks have random
weights, which cost the same time. Out, in the folder: ratios.csv, written after each row, the rows that matter most
first. Its last columns say where a generation's time goes, in milliseconds. The log lists the kernels that cost most.

    python -m benchmarks.gpu.ratios --device cuda --folder results/bench/gpu
"""

import contextlib
import functools
import importlib.util
import itertools
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.command_line import bench_parser, prepare, write_rows
from benchmarks.gpu.scale import scale_on
from benchmarks.networks import build
from benchmarks.stages import time_stages
from benchmarks.timing import alternate, synchronise
from benchmarks.warm_runs import warm_run
from fooling.command_line import run_step
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import advance
from fooling.networks.classifier import NetworkClassifier

PRECISIONS = ("float32", "tf32", "bfloat16")
LEAST_TURNS = 3
WARM_UP = 1
KERNELS = 12
LITE_PACKAGE = "efficientnet_lite_pytorch"

network_of = functools.cache(build)


def main() -> None:
    """Parse the command line, measure, save."""
    arguments = bench_parser(main).parse_args()
    device = prepare(arguments)
    scale = scale_on(device.type)
    networks = [name for name in scale.networks if name != "lite0" or importlib.util.find_spec(LITE_PACKAGE)]
    if len(networks) < len(scale.networks):
        print(f"Lite0 is left out: {LITE_PACKAGE} is not installed.")
    rows: list[dict[str, Any]] = []
    failures = 0
    for case, precision, network in itertools.product(scale.cases, PRECISIONS, networks):
        population, views, encoding = case
        what = {"network": network, "precision": precision, "population": population, "views": views}
        try:
            with tf32(allowed=precision == "tf32"):
                classifier = network_of(network, device, "bfloat16" if precision == "bfloat16" else "float32", views)
                run = warm_run(encoding, classifier, population, WARM_UP)
                row = {**what, "encoding": encoding, **measure(run, classifier, scale.seconds)}
                if case == scale.cases[0]:
                    print_kernels(what, run, classifier)
        except Exception:  # noqa: BLE001 - one case that breaks says nothing about the others
            traceback.print_exc()
            print(f"{what} failed", flush=True)
            failures += 1
        else:
            rows.append(row)
            write_rows(arguments.folder / "ratios.csv", rows)
    sys.exit(int(failures > 0))


@contextlib.contextmanager
def tf32(*, allowed: bool) -> Iterator[None]:
    """Let matrix products and convolutions of float32 round their factors to TF32, if that is allowed."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False


def measure(run: Evolution, classifier: NetworkClassifier, budget: float) -> dict[str, Any]:
    """Return images per second of both, their ratio, and the milliseconds of a generation by stage."""
    images = run.breed().images
    turns = alternate(
        {"forward": lambda: classifier.log_confidence(images), "loop": lambda: advance([run], classifier)},
        classifier.device,
        budget,
        LEAST_TURNS,
    )
    rate = {name: round(len(images) / float(np.median(taken)), 1) for name, taken in turns.items()}
    ratio = float(np.median(turns["forward"] / turns["loop"]))
    stages = time_stages(run, classifier, LEAST_TURNS)
    return {
        "forward_images_per_s": rate["forward"],
        "loop_images_per_s": rate["loop"],
        "ratio": round(ratio, 4),
        "turns": len(turns["loop"]),
        **{f"{stage}_ms": round(1e3 * float(np.median(taken)), 3) for stage, taken in stages.items()},
    }


def print_kernels(what: dict[str, Any], run: Evolution, classifier: NetworkClassifier) -> None:
    """Print the kernels that cost most in one generation."""
    on_gpu = classifier.device.type == "cuda"
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]
    with profile(activities=activities) as profiler:
        advance([run], classifier)
        synchronise(classifier.device)
    cost = "self_device_time_total" if on_gpu else "self_cpu_time_total"
    print(what)
    print(profiler.key_averages().table(sort_by=cost, row_limit=KERNELS, max_name_column_width=70), flush=True)


if __name__ == "__main__":
    run_step(main)
