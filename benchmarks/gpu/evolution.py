r"""Let the paper's ImageNet evolution run against SqueezeNet 1.0 for as long as there is time.

SIGTERM ends it with a last checkpoint. Out, in the folder: METHOD.csv, the history so far, written at each checkpoint.
Of CPPNs also cppn.npz, the last elites' genomes and lineage, or cppn.checkpoint.npz if the run was cut off: the same
command goes on from there. Of direct genomes, which take 400 MB, direct.png with the eight best.

    python -m benchmarks.gpu.evolution --method cppn --network squeezenet1_0.safetensors --device cuda
"""

import math
import tempfile
from pathlib import Path

import numpy as np
import torch

from benchmarks.command_line import bench_parser, prepare
from benchmarks.gpu.scale import scale_on
from fooling.artifacts.checkpoint import Checkpoint, Resumable, State
from fooling.artifacts.elites import save_elites
from fooling.artifacts.pngs import png_bytes
from fooling.artifacts.provenance import Provenance
from fooling.artifacts.storage import save_table, save_with
from fooling.command_line import run_step
from fooling.encodings.cppn import CppnEncoding
from fooling.encodings.direct import DirectEncoding
from fooling.encodings.population import Population
from fooling.evolution.history import is_kept
from fooling.evolution.outcome import elites_of, origin_of
from fooling.evolution.resumable import ResumableEvolution
from fooling.evolution.together import evolved
from fooling.networks.zoo import load_pretrained
from fooling.settings.evolution import CppnSettings, DirectSettings
from fooling.settings.pretrained import PretrainedSettings

SEED = 0
THRESHOLDS = (0.5, 0.9, 0.99, 0.9999)
SHOWN = 8
SQUEEZENET = {
    "architecture": "torchvision/squeezenet1_0",
    "image_size": 256,
    "input_size": 227,
    "mean": [122.679, 116.669, 104.007],
    "std": [1.0, 1.0, 1.0],
}
"""As Caffe trained it, on pixels less their mean."""


def main() -> None:
    """Parse the command line, evolve, save."""
    parser = bench_parser(main)
    parser.add_argument("--method", choices=("cppn", "direct"), required=True, help="encoding of the images")
    parser.add_argument("--network", type=Path, required=True, help="SqueezeNet 1.0's weights (.safetensors)")
    arguments = parser.parse_args()
    device = prepare(arguments)
    method, folder = arguments.method, arguments.folder
    trained = load_pretrained(PretrainedSettings.model_validate({**SQUEEZENET, "weights": str(arguments.network)}))
    generations, batch, interval = scale_on(device.type).evolution[method]
    numbers = {"generations": generations, "batch": batch, "snapshots": []}
    settings: CppnSettings | DirectSettings
    encoding: CppnEncoding | DirectEncoding
    if method == "cppn":
        settings = cppn = CppnSettings(**numbers, coordinates="pixels")
        encoding = CppnEncoding(trained.image_shape, cppn)
    else:
        settings = direct = DirectSettings(**numbers)
        encoding = DirectEncoding(trained.image_shape, direct)
    recorded = {
        **settings.model_dump(),
        **SQUEEZENET,
        "seed": SEED,
        "device": device.type,
        "threads": arguments.threads,
    }
    provenance = Provenance(f"evolve_{method}", recorded, [arguments.network])
    with tempfile.TemporaryDirectory() as scratch:
        place = folder if method == "cppn" else Path(scratch)
        checkpoint = Kept(place / f"{method}.checkpoint.npz", provenance, interval, folder / f"{method}.csv", batch)
        with evolved(
            [trained], method, encoding, settings, seeds=[SEED], device=device, threads=1, checkpoints=[checkpoint]
        ) as runs:
            checkpoint.keep(ResumableEvolution(runs[0]).state())
            if method == "cppn":
                origin = origin_of(method, "squeezenet1_0", trained, settings)
                save_elites(folder / "cppn.npz", elites_of(runs[0], SEED, origin, provenance.record()))


class Kept(Checkpoint):
    """A checkpoint that leaves a table of the history beside it and, of direct genomes, the best images.

    Args:
        path: of the checkpoint.
        provenance: its fingerprint.
        seconds: between two checkpoints.
        table: the table to write (.csv).
        batch: children per generation.
    """

    def __init__(self, path: Path, provenance: Provenance, seconds: float, table: Path, batch: int) -> None:
        super().__init__(path, provenance.record(), seconds)
        self._table = table
        self._batch = batch

    def save(self, work: Resumable) -> None:
        """See `Checkpoint.save`."""
        self.keep(work.state())
        super().save(work)  # which may end the program

    def keep(self, state: State) -> None:
        """Write what is to be seen of a state."""
        save_table(self._table, history_of(state, self._batch))
        if "archive/genes" in state:
            picture = png_bytes(best_images(state))
            save_with(self._table.with_suffix(".png"), lambda path: path.write_bytes(picture))


def history_of(state: State, batch: int) -> dict[str, np.ndarray]:
    """Return a row for each generation of which all classes' confidences are kept, and one for the last one.

    Args:
        state: of a run of evolution by confidences in float32.
        batch: children per generation.

    Returns:
        generation, evaluations, median_confidence, and the number of classes at or above each of `THRESHOLDS`.
    """
    medians = state["history/statistics"][:, 0]
    last = len(medians) - 1
    generations = [generation for generation in range(last) if is_kept(generation)]
    kept = state["history/log_confidences"][: len(generations)].astype(np.float64)
    with np.errstate(divide="ignore"):
        everything = np.vstack([kept, np.log(state["fitness"].astype(np.float64))])
    shown = np.array([*generations, last])
    table = {"generation": shown, "evaluations": (shown + 1) * batch, "median_confidence": medians[shown]}
    # Kept in 16 bits, which round 0.9999 and its like by 1 in 2000 of what they lack of 1.
    return table | {f"at_{t}": (everything >= math.log(t)).sum(axis=1) for t in THRESHOLDS}


def best_images(state: State) -> np.ndarray:
    """Return the eight fittest of directly encoded elites in two rows: uint8 (C, 2 H, 4 W)."""
    best = np.argsort(-state["fitness"], kind="stable")[:SHOWN]
    genes = torch.from_numpy(state["archive/genes"][best])
    shape = (int(genes.shape[1]), int(genes.shape[2]), int(genes.shape[3]))
    images = DirectEncoding(shape, DirectSettings()).render(Population({"genes": genes})).numpy()
    rows = [np.concatenate(list(images[first : first + SHOWN // 2]), axis=2) for first in (0, SHOWN // 2)]
    return np.concatenate(rows, axis=1)


if __name__ == "__main__":
    run_step(main)
