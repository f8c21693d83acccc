r"""Compare other programs for the network's forward pass on a CPU with torch: speed, share of the peak, agreement.

The peak is what a large matrix product reaches in the same run. torch.compile needs a C++ compiler, and is left out
without one. Out, in the folder: backends.csv.

    python -m benchmarks.backends
    python -m benchmarks.backends --networks results/default/networks/lite0.npz squeezenet.npz alexnet
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.command_line import bench_parser, prepare, print_rows, write_rows
from benchmarks.networks import untrained
from benchmarks.timing import alternate
from fooling.command_line import run_step
from fooling.networks.classifier import NetworkClassifier, log_softmax
from fooling.networks.network_file import TrainedNetwork, load_network
from fooling.networks.openvino_forward import OpenVinoForward

Forward = Callable[[Tensor], Tensor]
"""Maps float32 (N, C, H, W), preprocessed, to logits, float32 (N, classes)."""
CPU = torch.device("cpu")
BATCHES = 4
"""Of a turn, each as large as evolution passes through the network at once."""
SIDE = 2048
"""Of the matrices whose product shows the peak."""


def main() -> None:
    """Parse the command line, measure, save."""
    parser = bench_parser(main)
    parser.add_argument(
        "--networks",
        nargs="+",
        default=["lite0", "squeezenet", "alexnet"],
        help="files (.npz) or, untrained, [all three]",
    )
    parser.add_argument("--seconds", type=float, default=30, help="for the turns of one network [30]")
    arguments = parser.parse_args()
    prepare(arguments)
    rows = []
    for name in arguments.networks:
        trained = load_network(Path(name)) if name.endswith(".npz") else untrained(name)
        rows += compare(Path(name).stem, trained, arguments.threads, arguments.seconds)
    print_rows(rows)
    write_rows(arguments.folder / "backends.csv", rows)


def compare(name: str, trained: TrainedNetwork, threads: int, budget: float) -> list[dict[str, str]]:
    """Return a row for each backend: speed, times torch's, share of the peak, largest differences from torch."""
    generator = torch.Generator().manual_seed(0)
    at_once = NetworkClassifier(trained, CPU).batch_size
    images = BATCHES * at_once
    pixels = torch.randint(0, 256, (images, *trained.image_shape), generator=generator).to(torch.float32)
    network = trained.network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.inference_mode():
        inputs = trained.preprocessing(pixels).contiguous(memory_format=torch.channels_last)
        backends = build_backends(network, inputs[:at_once], threads)
        with FlopCounterMode(display=False) as counter:
            backends["torch"](inputs[:1])
        matrix = torch.randn(SIDE, SIDE, generator=generator)

        def run(forward: Forward) -> Callable[[], object]:
            return lambda: [forward(part) for part in inputs.split(at_once)]

        turns = {label: run(forward) for label, forward in backends.items()}
        taken = alternate({**turns, "peak": lambda: matrix @ matrix}, CPU, budget)
        peak = 2 * SIDE**3 / float(np.median(taken["peak"]))
        scores = {label: log_softmax(forward(inputs[:at_once])) for label, forward in backends.items()}
    rows = []
    for label in backends:
        rate = images / float(np.median(taken[label]))
        ratio = float(np.median(taken["torch"] / taken[label]))
        reference, score = scores["torch"], scores[label]
        told = reference > np.log(1e-12)
        rows.append(
            {
                "network": name,
                "backend": label,
                "images_per_second": f"{rate:.1f}",
                "times_torch": f"{ratio:.2f}",
                "share_of_peak": f"{rate * counter.get_total_flops() / peak:.2f}",
                "confidence_apart": f"{float((score.exp() - reference.exp()).abs().max()):.1e}",
                "log_confidence_apart": f"{float((score - reference)[told].abs().max()):.1e}",
            }
        )
    return rows


def build_backends(network: nn.Module, example: Tensor, threads: int) -> dict[str, Forward]:
    """Return what is installed, torch first; each is ready for batches like `example`."""
    backends: dict[str, Forward] = {"torch": network}
    if shutil.which("g++") is None:
        print("torch.compile is left out, since there is no g++.")
    else:
        backends["torch.compile"] = torch.compile(network, options={"freezing": True})
    backends["openvino"] = OpenVinoForward(network, example.shape[1:], threads)
    return backends


if __name__ == "__main__":
    run_step(main)
