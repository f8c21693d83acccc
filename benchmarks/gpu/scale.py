"""How large the campaign's stages are: in earnest on a GPU, and at a scale of seconds where a CPU rehearses them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What the stages do.

    Attributes:
        drawn: how many images the machine draws and judges, and their side in pixels.
        tests: files of tests of which those that take a device run, as patterns below tests/unit, by worth.
        networks: of `benchmarks.networks.NETWORKS`, for the ratios.
        cases: children per generation, views and encoding of the ratios, by worth.
        seconds: for the turns of each ratio.
        evolution: by method, generations, children in each of them, and seconds between two checkpoints.
    """

    drawn: tuple[int, int]
    tests: tuple[str, ...]
    networks: tuple[str, ...]
    cases: tuple[tuple[int, int, str], ...]
    seconds: float
    evolution: Mapping[str, tuple[int, int, float]]


PAPER = Scale(
    drawn=(400, 256),
    tests=tuple(f"{room}/test_*.py" for room in ("encodings", "evolution", "networks", "training", "ascent")),
    networks=("squeezenet", "alexnet", "lite0"),
    cases=(
        (400, 1, "cppn"),
        (400, 10, "cppn"),
        (4000, 1, "cppn"),
        (400, 1, "direct"),
        (4000, 1, "direct"),
        (400, 10, "direct"),
        (4000, 10, "cppn"),
        (4000, 10, "direct"),
    ),
    seconds=0.8,
    # A checkpoint of direct genomes is 400 MB, hence rarer.
    evolution={"cppn": (5000, 400, 20.0), "direct": (20_000, 200, 60.0)},
)
REHEARSAL = Scale(
    drawn=(2, 16),
    tests=("evolution/test_archive_on_devices.py",),
    networks=("lenet",),
    cases=((4, 1, "cppn"), (4, 1, "direct")),
    seconds=0.01,
    evolution={"cppn": (3, 2, 0.01), "direct": (2, 2, 60.0)},
)


def scale_on(device: str) -> Scale:
    """Return the scale on a device, by its type; a CPU only rehearses."""
    return REHEARSAL if device == "cpu" else PAPER
