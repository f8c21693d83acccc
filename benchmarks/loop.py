r"""Measure the direct loop beside the same loop on pyribs: what a generation costs but for the network.

LeNet's ten classes, every image enters every niche, the same operators. Out, in the folder: loop.csv, in
milliseconds.

    python -m benchmarks.loop
"""

from collections.abc import Callable

import numpy as np
from torch import Tensor

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.networks import build
from benchmarks.ribs_loop import RibsLoop
from benchmarks.timing import alternate, seconds, spread
from benchmarks.warm_runs import warm_run
from fooling.command_line import run_step
from fooling.evolution.together import advance
from fooling.networks.classifier import NetworkClassifier

WARM_UP = 100


class ClockedClassifier:
    """A `Classifier` that adds up the seconds it takes."""

    def __init__(self, inner: NetworkClassifier) -> None:
        self.classes, self.image_shape, self.device = inner.classes, inner.image_shape, inner.device
        self.input_shape, self.any_size = inner.input_shape, inner.any_size
        self.seconds = 0.0
        self._inner = inner

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        return self._inner.logits(pixels)

    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`."""
        result: list[Tensor] = []
        self.seconds += seconds(lambda: result.append(self._inner.log_confidence(images)), self.device)
        return result[0]


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--population", type=int, default=200, help="children per generation [200]")
    parser.add_argument("--seconds", type=float, default=10, help="for the turns [10]")
    arguments = parser.parse_args()
    device = prepare(arguments)
    network = build("lenet", device)
    run, clocked = warm_run("direct", network, arguments.population, WARM_UP), ClockedClassifier(network)
    peer = RibsLoop(clocked, arguments.population)
    for _ in range(WARM_UP):
        peer.advance()
    overheads: dict[str, list[float]] = {"fooling": [], "pyribs": []}

    def overhead(name: str, generation: Callable[[], None]) -> None:
        clocked.seconds = 0.0
        whole = seconds(generation, device)
        overheads[name].append((whole - clocked.seconds) * 1e3)

    alternate(
        {
            "fooling": lambda: overhead("fooling", lambda: advance([run], clocked)),
            "pyribs": lambda: overhead("pyribs", peer.advance),
        },
        device,
        arguments.seconds,
    )
    rows = [
        {
            "loop": name,
            "population": arguments.population,
            "niches": network.classes,
            "overhead_ms": f"{np.median(taken):.4f}",
            "min_ms": f"{min(taken):.4f}",
            "max_ms": f"{max(taken):.4f}",
        }
        for name, taken in overheads.items()
    ]
    for name, taken in overheads.items():
        print(f"{name}: {spread(np.array(taken))} ms beside the network per generation of {arguments.population}")
    print_rows(rows)
    write_rows(arguments.folder / "loop.csv", rows)


if __name__ == "__main__":
    run_step(main)
