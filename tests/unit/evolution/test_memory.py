"""Memory follows the batch, not the run."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import re, sys
from pathlib import Path

import torch

from fooling.artifacts.checkpoint import Checkpoint
from fooling.artifacts.origin import EvolutionOrigin
from fooling.encodings.direct import DirectEncoding
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import evolve
from fooling.settings.evolution import DirectSettings
from fooling.steps.evolution import evolve_direct
from fooling.steps.evolution.evolution_files import RunFiles, save_run

SHAPE, CLASSES = (3, 256, 256), 1000
folder, generations, breaks_after = Path(sys.argv[1]), 3, int(sys.argv[2])


class Spread:
    '''Every child is best in some classes, so that all cells change hands.'''

    classes, image_shape, device, calls = CLASSES, SHAPE, torch.device("cpu"), 0

    def log_confidence(self, images):
        self.calls += 1
        if self.calls > breaks_after:
            raise KeyboardInterrupt
        sample = images.flatten(1)[:, :CLASSES].float()
        return -sample / 1e4 - 1 / (self.calls + 1)


def peak():
    # Not getrusage's, which begins with the memory of the program that started this one.
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])


torch.set_num_threads(1)
before = peak()  # what importing torch takes
settings = DirectSettings(generations=generations, batch=200, snapshots=[])
run = Evolution(DirectEncoding(SHAPE, settings), CLASSES, settings, torch.Generator().manual_seed(1))
try:
    with Checkpoint(folder / "run.checkpoint.npz", {}, 1e-9) as checkpoint:
        evolve([run], Spread(), [checkpoint])
    breaks_after = 10**9
    files = RunFiles(1, folder / "fooling_set.npz", folder / "history.csv", folder / "elites.npz")
    origin = EvolutionOrigin(
        method="direct", network="n", dataset="d", classes=CLASSES, round=1,
        fitness=settings.fitness, generations=generations, batch=settings.batch,
    )
    save_run(files, run, Spread(), origin, {})
except KeyboardInterrupt:
    pass
print(run.generation, peak() - before)
"""


def test_a_thousand_niches_of_large_colour_images_take_less_than_a_gigabyte(tmp_path: Path) -> None:
    for breaks_after, last in ((2, 1), (10, 3)):  # two generations and their checkpoints, then resumed and saved
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(breaks_after)]
        generation, taken = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(generation) == last
        assert 0.4e9 < int(taken) <= 0.9e9, f"{int(taken) / 1e9:.2f} GB"  # the genes of the elites take 0.39
    assert (tmp_path / "fooling_set.npz").exists()


ROUND = """
import re
from pathlib import Path

import torch

from fooling.devices import prepare_device, seeded_generator
from fooling.encodings.cppn import CppnEncoding
from fooling.evolution.map_elites import Evolution
from fooling.evolution.together import advance
from fooling.networks.lenet import LeNet
from fooling.settings.compute import ComputeSettings
from fooling.settings.evolution import CppnSettings


class Network:
    '''LeNet, whose activations are the large tensors of a real run.'''

    def __init__(self):
        self.network = LeNet().eval().to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def log_confidence(self, images):
        return self.network(images.float() / 255).log_softmax(dim=1)


def resident():
    return 1024 * int(re.search(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])


device = prepare_device(ComputeSettings())
settings = CppnSettings(generations=1000, batch=100, snapshots=[0])
generators = [seeded_generator(seed, device, "evolution") for seed in range(30)]
runs = [Evolution(CppnEncoding((1, 28, 28), settings), 10, settings, generator) for generator in generators]
network = Network()
for generation in range(25):
    for run in runs:
        advance([run], network)
    if generation == 4:
        before = resident()
print(resident() - before)
"""


def test_many_runs_side_by_side_do_not_scatter_the_memory_of_their_network() -> None:
    program = [sys.executable, "-c", ROUND]
    grown = int(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    assert grown <= 15e6, f"{grown / 1e6:.0f} MB in 20 generations"
