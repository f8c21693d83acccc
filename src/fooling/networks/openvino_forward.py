"""A network's forward pass by OpenVINO, which on CPUs is faster than torch's, above all for depthwise convolutions."""

import threading
import warnings
from types import ModuleType

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError

_PRECISIONS = {torch.float32: "f32", torch.bfloat16: "bf16"}


def load_openvino() -> ModuleType:
    """Import OpenVINO, which takes a second and so waits until somebody wants it.

    Raises:
        FoolingError: it is not installed.
    """
    try:
        import openvino  # noqa: PLC0415
    except ImportError as error:
        raise FoolingError(
            "OpenVINO is not installed; install fooling[openvino], or set the experiment's backend to torch."
        ) from error
    return openvino


class OpenVinoForward:
    """A network, compiled for batches of one shape.

    What an image gets depends on the image and that shape alone, neither on its neighbours nor on the threads.

    Args:
        network: logits from inputs; on the CPU, in evaluation mode.
        shape: (N, C, H, W) of the batches.
        precision: float32 or bfloat16, of weights and activations.
        threads: how many threads may call it at a time, each with a core of its own.

    Raises:
        FoolingError: OpenVINO is not installed, or has no translation of one of the network's operations.
    """

    def __init__(
        self, network: nn.Module, shape: tuple[int, ...], precision: torch.dtype = torch.float32, threads: int = 1
    ) -> None:
        openvino = load_openvino()
        settings = {
            "INFERENCE_PRECISION_HINT": _PRECISIONS[precision],
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads,
            "ENABLE_CPU_PINNING": False,
        }
        self._shape = shape
        self._compiled = openvino.Core().compile_model(_translated(network, shape), "CPU", settings)
        self._request = threading.local()

    def __call__(self, inputs: Tensor) -> Tensor:
        """Map float32 (M, C, H, W), M at most N, to logits, float32 (M, classes)."""
        if not hasattr(self._request, "own"):
            self._request.own = self._compiled.create_infer_request()
        batch = inputs if inputs.shape == self._shape else inputs.new_zeros(self._shape)
        if batch is not inputs:
            batch[: len(inputs)] = inputs
        outputs = self._request.own.infer([batch.contiguous().numpy()], share_inputs=True)
        return torch.from_numpy(outputs[0])[: len(inputs)]


def _translated(network: nn.Module, shape: tuple[int, ...]) -> object:
    """Return OpenVINO's model of a network.

    By its reader of torch's networks alone: the function that OpenVINO has for it reports its use over the internet.
    """
    from openvino.frontend import FrontEndManager  # noqa: PLC0415
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing is called deprecated
        decoder = TorchScriptPythonDecoder(network, example_input=torch.zeros(shape))
    frontend = FrontEndManager().load_by_framework("pytorch")
    try:
        model = frontend.convert(frontend.load(decoder))
    except Exception as error:  # OpenVINO raises what it likes
        reason = str(error).strip().rpartition("\n")[2].lstrip("- ")
        raise FoolingError(
            f"OpenVINO cannot translate this network ({reason.rstrip('.')}); set the experiment's backend to torch."
        ) from error
    model.reshape(list(shape))
    return model
