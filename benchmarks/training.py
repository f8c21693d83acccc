r"""Measure what a training iteration costs beside a plain loop of the same network over batches that lie ready.

What is measured so is the drawing of batches, augmentation, preprocessing and the solver. Out, in the folder:
training.csv, in milliseconds an iteration.

    python -m benchmarks.training
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.timing import alternate
from fooling.artifacts.checkpoint import Checkpoint
from fooling.command_line import run_step
from fooling.data.datasets import Dataset
from fooling.networks.architectures import build_network
from fooling.settings.training import TrainingSettings
from fooling.training.small_networks import Training

ITERATIONS = 100
CONVNET = {"dataset": "cifar10", "architecture": "convnet", "schedule": "one_cycle", "scale": 1 / 64}
CASES = {
    "lenet": ((1, 28, 28), {}),
    "convnet": ((3, 32, 32), CONVNET),
    "convnet, augmented": ((3, 32, 32), {**CONVNET, "augment": True}),
}
"""Image shape and settings of what is trained."""


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--images", type=int, default=61_800, help="training images, of eleven classes [61800]")
    parser.add_argument("--seconds", type=float, default=20, help="for the turns of each network [20]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    rows = []
    for name, (shape, values) in CASES.items():
        settings = TrainingSettings.model_validate({**values, "iterations": ITERATIONS})
        loops = {
            "fooling": training_loop(random_images(arguments.images, shape), settings, device),
            "plain": plain_loop(shape, settings, device),
        }
        taken = alternate(loops, device, arguments.seconds)
        ratio = np.median(taken["fooling"] / taken["plain"])
        milliseconds = {each: 1e3 * np.median(values) / ITERATIONS for each, values in taken.items()}
        rows.append(
            {
                "network": name,
                "fooling_ms": f"{milliseconds['fooling']:.3f}",
                "plain_ms": f"{milliseconds['plain']:.3f}",
                "ratio": f"{ratio:.3f}",
                "turns": len(taken["plain"]),
            }
        )
    print_rows(rows)
    write_rows(arguments.folder / "training.csv", rows)


def random_images(count: int, shape: tuple[int, int, int]) -> Dataset:
    """Return a data set of noise with eleven classes and few test images."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
    labels = rng.integers(0, 11, count)
    return Dataset(images, labels, images[:200], labels[:200], 11)


def training_loop(dataset: Dataset, settings: TrainingSettings, device: torch.device) -> Callable[[], object]:
    """Return the training as the workflow does it."""
    path = Path(tempfile.gettempdir()) / "never-written.checkpoint.npz"
    return lambda: Training(dataset, settings, 1, device).run(Checkpoint(path, {}, 3600))


def plain_loop(shape: tuple[int, int, int], settings: TrainingSettings, device: torch.device) -> Callable[[], object]:
    """Return as many iterations on ready batches with torch's own SGD."""
    options = {"channels": shape[0], "width": settings.width} if settings.architecture == "convnet" else {}
    network = build_network(settings.architecture, 11, **options).to(device).train()
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    solver = torch.optim.SGD(network.parameters(), 1e-4, momentum=settings.momentum, weight_decay=settings.weight_decay)
    generator = torch.Generator(device).manual_seed(0)
    inputs = torch.randn(settings.batch_size, *shape, generator=generator, device=device)
    labels = torch.randint(11, (settings.batch_size,), generator=generator, device=device)

    def loop() -> None:
        for _ in range(settings.iterations):
            iterate(network, solver, inputs, labels)

    return loop


def iterate(network: nn.Module, solver: torch.optim.Optimizer, inputs: Tensor, labels: Tensor) -> None:
    """Learn once from a batch."""
    loss = functional.cross_entropy(network(inputs.contiguous(memory_format=torch.channels_last)), labels)
    solver.zero_grad()
    loss.backward()
    solver.step()


if __name__ == "__main__":
    run_step(main)
