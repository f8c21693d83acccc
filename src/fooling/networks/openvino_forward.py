"""The network's forward pass by OpenVINO: torch's results to the last few bits, sooner.

OpenVINO's own `convert_model` is not called: it reports what it does to a server.
"""

import importlib
import threading
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError


class OpenVinoForward:
    """A network, compiled for this CPU, in float32. A batch's bytes do not depend on what else is computed beside it.

    Args:
        network: in evaluation mode, float32, on the CPU.
        input_shape: (C, H, W) of what it sees.
        threads: how many may call at a time; each computes alone.

    Raises:
        FoolingError: OpenVINO is not installed, or has no counterpart for a layer of the network.
    """

    def __init__(self, network: nn.Module, input_shape: tuple[int, int, int], threads: int) -> None:
        openvino = _imported("openvino")
        example = torch.zeros(2, *input_shape)
        frontends = _imported("openvino.frontend")
        frontend = frontends.FrontEndManager().load_by_framework("pytorch")
        decoder = _imported("openvino.frontend.pytorch.ts_decoder").TorchScriptPythonDecoder
        with warnings.catch_warnings():  # of torch, that tracing grows old
            warnings.simplefilter("ignore")
            traced = decoder(network, example_input=example)
        try:
            model = frontend.convert(frontend.load(traced))
        except frontends.OpConversionFailure as error:
            reason = str(error).strip().splitlines()[-1]
            raise FoolingError(
                f"OpenVINO cannot compile this network ({reason}); set cpu_backend to torch for it."
            ) from error
        model.reshape([-1, *input_shape])
        options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads}
        self._compiled = openvino.Core().compile_model(model, "CPU", options)
        self._of_thread = threading.local()

    def __call__(self, inputs: Tensor) -> Tensor:
        """Map preprocessed images, float32 (N, C, H, W), to logits, float32 (N, classes)."""
        if not hasattr(self._of_thread, "request"):
            self._of_thread.request = self._compiled.create_infer_request()
        request = self._of_thread.request
        request.infer([inputs.contiguous().numpy()])
        return torch.from_numpy(request.get_output_tensor().data.copy())


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise FoolingError(
            f"The setting cpu_backend: openvino needs the package openvino ({error}); install it with "
            "pip install 'fooling[openvino]', or set cpu_backend to torch."
        ) from error
