r"""Measure a machine with a GPU in one go: six hundred seconds from the kernels to the paper's ImageNet run.

The stages run one after the other, by worth. Each is a process of its own with a budget of seconds, and one that fails,
hangs or runs out of time ends no other:

    30 s   machine   versions, the card, and whether the kernels compile and draw rightly
    90 s   parity    the tests that take a device, on the GPU
    120 s  ratios    the whole loop against the network's forward pass alone, and the kernels that cost most
    300 s  cppn      the paper's CPPN run: 5,000 generations of 400 children
    20 s   direct    its direct run: 20,000 generations of 200

The last two also get what those before them have left over, and need --network. A stage that is cut off has 20 s more
to save what it has. A CPPN run that is cut off leaves its checkpoint, and goes on from there if the same command finds
that in the folder again.

Out, in the folder, at most eight files of at most 16 MB: summary.txt (with the stages' logs below it), machine.json,
parity.json, ratios.csv, cppn.csv, cppn.npz (genomes and lineage; cppn.checkpoint.npz if the run is cut off), direct.csv
and direct.png. All are written while the work goes on, so that something is left whatever happens. A file that is too
large is packed with gzip.

Needed are torch, torchvision, triton, numba, numpy, pydantic, safetensors, PyYAML, tqdm, Pillow and pytest; this
package need not be installed. Some tests also use scipy or hypothesis; where one is missing, those tests are named and
left out. So is Lite0 without efficientnet-lite-pytorch. On a machine without internet, packages travel as wheels:

    pip download --no-deps --only-binary=:all: --dest wheels pydantic pydantic-core annotated-types typing-inspection
    pip install --no-index --no-deps --target site wheels/*.whl          # on that machine
    PYTHONPATH=site python -m benchmarks.gpu --network squeezenet1_0.safetensors

With --device cpu all of it is rehearsed at a scale of seconds, with Triton's interpreter in place of a GPU:

    python -m benchmarks.gpu --device cpu --seconds 1000
"""

import argparse
import gzip
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.gpu.summary import summarise, write_summary
from benchmarks.gpu.supervision import Stage, log_path, run_stage

LARGEST = 16_000_000
"""Bytes of a result."""
GRACE = 20.0
"""Seconds that a stage has after SIGTERM to save what it has; then it is killed."""


def main() -> int:
    """Parse the command line and run the campaign; returns 1 if a stage has failed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gpu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--network", type=Path, help="SqueezeNet 1.0's weights (.safetensors), by Caffe's conventions")
    parser.add_argument("--folder", type=Path, default=Path("results/bench/gpu"), help="[results/bench/gpu]")
    parser.add_argument("--seconds", type=float, default=560.0, help="for all stages together [560]")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu only rehearses [cuda]")
    arguments = parser.parse_args()
    if arguments.network is not None and not arguments.network.is_file():
        parser.error(f"there is no file {arguments.network}")
    folder, network = arguments.folder.absolute(), arguments.network and arguments.network.absolute()
    remarks = [] if network else ["cppn and direct are left out: they need the network's weights (--network)."]
    environment = {"TRITON_INTERPRET": "1"} if arguments.device == "cpu" else {}
    return campaign(stages(arguments.device, folder, network), remarks, folder, arguments.seconds, environment)


def stages(device: str, folder: Path, network: Path | None) -> list[Stage]:
    """Return the stages, by worth."""

    def call(module: str, *flags: str) -> list[str]:
        return ["-m", f"benchmarks.gpu.{module}", "--device", device, "--folder", str(folder), *flags]

    def run(method: str, share: float, *results: str) -> Stage:
        arguments = call("evolution", "--method", method, "--network", str(network))
        return Stage(method, f"the paper's {method} run", arguments, share, results, is_patient=True)

    measured = [
        Stage("machine", "card, versions, kernels", call("machine"), 30, ["machine.json"]),
        Stage("parity", "tests on the device", call("parity"), 90, ["parity.json"]),
        Stage("ratios", "the loop against the network alone", call("ratios"), 120, ["ratios.csv"], rows=100),
    ]
    if network is None:
        return measured
    cppn = run("cppn", 300, "cppn.csv", "cppn.npz", "cppn.checkpoint.npz")
    return [*measured, cppn, run("direct", 20, "direct.csv", "direct.png")]


def campaign(
    stages: Sequence[Stage],
    remarks: Sequence[str],
    folder: Path,
    seconds: float,
    environment: dict[str, str],
    *,
    grace: float = GRACE,
) -> int:
    """Run the stages, write and print the summary; returns 1 if a stage has failed, else 0.

    Args:
        stages: in their order.
        remarks: sentences that the summary begins with.
        folder: for all results; made if it is not there.
        seconds: for all stages.
        environment: variables for the stages.
        grace: seconds that a stage has to save what it has when its time is over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    began, whole, due = time.monotonic(), sum(stage.share for stage in stages), 0.0
    outcomes = []
    for stage in stages:
        _delete_old(stage, folder)
        share = seconds * stage.share / whole
        due += share
        budget = due - (time.monotonic() - began) if stage.is_patient else share
        print(f"{stage.name}: {stage.title}, at most {budget:.0f} s", flush=True)
        outcomes.append(run_stage(stage, folder, budget, environment, grace))
        write_summary(summarise(outcomes, remarks, folder), outcomes, folder)
    summary = summarise(outcomes, remarks, folder)
    for outcome in outcomes:
        log_path(outcome.stage, folder).unlink()
    _pack_large(folder)
    print(f"\n{summary}\nwrote {folder}")
    return int(any(outcome.failed for outcome in outcomes))


def _delete_old(stage: Stage, folder: Path) -> None:
    """Delete an earlier campaign's results, which would pass for this one's; a checkpoint is to be continued."""
    for name in stage.results:
        if not name.endswith(".checkpoint.npz"):
            (folder / name).unlink(missing_ok=True)


def _pack_large(folder: Path) -> None:
    """Replace files that are larger than a result may be by gzip's of them."""
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_size > LARGEST:
            with path.open("rb") as file, gzip.open(f"{path}.gz", "wb", compresslevel=6) as packed:
                shutil.copyfileobj(file, packed)
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
