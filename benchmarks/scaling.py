r"""Measure how the cost grows with population, image size, genome size and number of niches.

Out, in the folder: scaling.csv, one row for each point: `quantity` is what grows, `value` how large it is, `cost`
what is measured, `unit` in what, with median and range.

- population: a generation of the CPPN loop against LeNet, per child.
- image_size: drawing grey CPPNs of 20 hidden nodes, per pixel.
- hidden_nodes: drawing grey 64 x 64 CPPNs, per connection and pixel.
- niches: selecting, inserting and recording with 400 children, and its share of a generation with AlexNet.

    python -m benchmarks.scaling
"""

from typing import Any

import numpy as np
import torch

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.genomes import genomes_of_size, mean_size, program_of, settings_for
from benchmarks.networks import build
from benchmarks.timing import alternate, seconds
from benchmarks.warm_runs import warm_run
from fooling.command_line import run_step
from fooling.encodings.cppn import CppnEncoding
from fooling.evolution.archive import Archive
from fooling.evolution.history import History
from fooling.evolution.together import advance
from fooling.settings.evolution import CppnSettings

POPULATIONS = (50, 100, 200, 400, 800)
IMAGE_SIZES = (28, 64, 128, 256)
HIDDEN_NODES = (5, 10, 20, 50, 100, 200)
NICHES = (10, 100, 1000)
CHILDREN = 400
FORWARD_IMAGES = 100
WARM_UP = 30

Row = dict[str, Any]


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument("--seconds", type=float, default=10, help="for the turns of each quantity [10]")
    arguments = parser.parse_args()
    device, budget = prepare(arguments), arguments.seconds
    rows = [
        *_populations(budget, device),
        *_image_sizes(budget, device),
        *_hidden_nodes(budget, device),
        *_niches(budget, device),
    ]
    print_rows(rows)
    write_rows(arguments.folder / "scaling.csv", rows)


def _populations(budget: float, device: torch.device) -> list[Row]:
    classifier = build("lenet", device)
    runs = {count: warm_run("cppn", classifier, count, WARM_UP) for count in POPULATIONS}
    loops = {str(count): lambda run=run: advance([run], classifier) for count, run in runs.items()}
    taken = alternate(loops, device, budget)
    return [_row("population", count, "loop", "us per child", taken[str(count)] / count * 1e6) for count in POPULATIONS]


def _image_sizes(budget: float, device: torch.device) -> list[Row]:
    hidden = 20
    counts = {size: min(400, 20 * (256 // size) ** 2) for size in IMAGE_SIZES}
    draws = {}
    for size, count in counts.items():
        encoding = CppnEncoding((1, size, size), settings_for(hidden))
        population = genomes_of_size(hidden, count, encoding, device)
        draws[str(size)] = lambda encoding=encoding, population=population: encoding.render(population)
    taken = alternate(draws, device, budget)
    return [
        _row("image_size", size, "render", "ns per pixel", taken[str(size)] / (count * size**2) * 1e9)
        for size, count in counts.items()
    ]


def _hidden_nodes(budget: float, device: torch.device) -> list[Row]:
    count, size = 20, 64
    draws, work = {}, {}
    for hidden in HIDDEN_NODES:
        encoding = CppnEncoding((1, size, size), settings_for(hidden))
        population = genomes_of_size(hidden, count, encoding, device)
        draws[str(hidden)] = lambda encoding=encoding, population=population: encoding.render(population)
        work[hidden] = count * size**2 * mean_size(program_of(population, 1))[1]
    taken = alternate(draws, device, budget)
    return [
        _row("hidden_nodes", hidden, "render", "ns per connection and pixel", taken[str(hidden)] / work[hidden] * 1e9)
        for hidden in HIDDEN_NODES
    ]


def _niches(budget: float, device: torch.device) -> list[Row]:
    filings = {str(niches): _Filing(niches, device) for niches in NICHES}
    for filing in filings.values():
        for _ in range(WARM_UP):
            filing.advance()
    taken = alternate({name: filing.advance for name, filing in filings.items()}, device, budget)
    classifier = build("alexnet", device)
    images = torch.zeros(FORWARD_IMAGES, *classifier.image_shape, dtype=torch.uint8, device=device)
    classifier.log_confidence(images)
    forward = [seconds(lambda: classifier.log_confidence(images), device) for _ in range(3)]
    network = float(np.median(forward)) * CHILDREN / FORWARD_IMAGES
    rows = []
    for niches in NICHES:
        filing_seconds = taken[str(niches)]
        rows += [
            _row("niches", niches, "select, insert, record", "ms per generation", filing_seconds * 1e3),
            _row("niches", niches, "share of a generation", "%", 100 * filing_seconds / (network + filing_seconds)),
        ]
    return rows


class _Filing:
    """What a generation does beside breeding, drawing and the network; confidences are random numbers."""

    def __init__(self, niches: int, device: torch.device) -> None:
        encoding = CppnEncoding((3, 256, 256), CppnSettings())
        self._generator = torch.Generator(device).manual_seed(0)
        self._children = encoding.random(CHILDREN, self._generator)
        self._archive = Archive.empty(niches, self._children)
        self._history = History(CHILDREN, niches)
        self._confidence = [torch.rand(CHILDREN, niches, generator=self._generator, device=device) for _ in range(20)]
        self._generation = 0
        nobody = torch.full((CHILDREN,), -1, device=device)
        self._archive.challenge(self._children, self._confidence[0], 0, nobody)

    def advance(self) -> None:
        """Complete one generation; about as many niches find a fitter image as late in a run."""
        self._generation += 1
        cells = self._archive.sample(CHILDREN, self._generator)
        self._archive.population.select(cells)
        confidence = self._confidence[self._generation % len(self._confidence)] + 1e-5 * self._generation
        first = self._generation * CHILDREN
        replacements = self._archive.challenge(self._children, confidence, first, cells)
        self._history.record(self._generation, self._archive.fitness, replacements)


def _row(quantity: str, value: int, cost: str, unit: str, values: np.ndarray) -> Row:
    numbers = {"median": np.median(values), "min": values.min(), "max": values.max()}
    measured = {name: f"{number:.4g}" for name, number in numbers.items()}
    return {"quantity": quantity, "value": value, "cost": cost, "unit": unit, **measured}


if __name__ == "__main__":
    run_step(main)
