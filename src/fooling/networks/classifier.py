"""A classifier: uint8 images in, log-confidences out; batching, precision and device inside."""

import copy
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from fooling.artifacts.distinct import number_distinct
from fooling.errors import FoolingError
from fooling.networks.architectures import last_linear
from fooling.networks.network_file import TrainedNetwork, load_networks
from fooling.networks.openvino_forward import OpenVinoForward
from fooling.networks.preprocessing import CENTRE, Preprocessing
from fooling.settings.evolution import CpuBackend

IMAGES_AT_ONCE = {"cpu": 200, "cuda": 1024}
"""Most images in one forward pass. On a CPU LeNet is fastest with 200; a GPU takes what its memory holds."""
CACHED_BYTES = 20_000_000
"""On a CPU as many images pass at once as keep the network's largest activation below this: Lite0 takes 17 ms for an
image with 4 at once, 39 ms with 50."""

log = logging.getLogger(__name__)


class Classifier(Protocol):
    """What evolution, ascent and transfer need to know of a network.

    Attributes:
        classes: number of classes.
        image_shape: (C, H, W) of the images that are evolved for it.
        input_shape: (C, H, W) of what the network itself sees of them.
        any_size: whether it takes images of any height and width; else of `image_shape` alone.
        device: where it computes.
    """

    classes: int
    image_shape: tuple[int, int, int]
    input_shape: tuple[int, int, int]
    any_size: bool
    device: torch.device

    def logits(self, pixels: Tensor) -> Tensor:
        """Map float32 (N, C, H, W) in 0-255 to float32 (N, classes), differentiable; its softmax is the confidence."""
        ...

    def log_confidence(self, images: Tensor) -> Tensor:
        """Map uint8 (N, C, H, W) to the logarithm of the softmax, float32 (N, classes)."""
        ...


def log_softmax(logits: Tensor) -> Tensor:
    """Return the logarithm of the softmax, float32 (N, classes), exact also where it is nearly zero.

    The usual formula adds the largest class's 1 to the sum of the others and so loses a sum below
    6e-8; here the others are summed alone, and a confidence of 1 - 1e-20 keeps its -1e-20.
    """
    best = logits.argmax(dim=1, keepdim=True)
    shifted = logits - logits.gather(1, best)
    others = shifted.exp().scatter(1, best, 0.0).sum(dim=1, keepdim=True)
    return shifted - others.log1p()


def log_mean_softmax(logits: Tensor) -> Tensor:
    """Return the logarithm of the mean softmax of (V, N, classes) logits, float32 (N, classes).

    It is normalised, hence its own logits: `log_softmax` of it tells confidences near 1 apart as well as ever.
    """
    views, images, classes = logits.shape
    log_confidence = log_softmax(logits.reshape(-1, classes)).view(views, images, classes)
    return log_confidence.logsumexp(dim=0) - math.log(views)


def check_numbers(scores: Tensor) -> None:
    """Check that a network has answered with numbers, for what is compared with NaN is false and passes unseen.

    Args:
        scores: log-confidences, hence at most 0, (N,) or (N, classes).

    Raises:
        FoolingError: it has not.
    """
    if bool(scores.sum().isnan()):  # one pass; the sum of numbers at most 0 is one, or minus infinity
        images = int(scores.isnan().view(len(scores), -1).any(dim=1).sum())
        raise FoolingError(
            f"The network gives no numbers (NaN) for {images} of {len(scores)} images; its weights, or the mean and "
            "std of its inputs, are not what it was trained with: correct them and import it again."
        )


class NetworkClassifier:
    """A `Classifier` of one network; the confidence is the mean softmax over the views of its preprocessing.

    Args:
        trained: the network; its parameters are frozen.
        device: where to compute.
        precision: of the network's weights and activations; bfloat16 moves confidences by hundredths, so what is
            reported must come from float32. The softmax is always computed in float32.
        batch_size: images in one forward pass; chosen by device and image size if it is not given. A GPU whose
            memory does not hold that many gets half as many, until they fit.
        threads: batches that pass through the network at a time on a CPU, each on a thread of its own; they are the
            same batches for any number, and so are the scores.
        cpu_backend: what computes `log_confidence` on a CPU; all else is torch's. OpenVINO knows float32 alone.

    Attributes:
        batch_size: images in one forward pass; fewer once a GPU's memory did not hold them.
    """

    def __init__(
        self,
        trained: TrainedNetwork,
        device: torch.device,
        *,
        precision: torch.dtype = torch.float32,
        batch_size: int | None = None,
        threads: int = 1,
        cpu_backend: CpuBackend = "torch",
    ) -> None:
        self.classes = trained.classes
        self.image_shape = trained.image_shape
        self.device = device
        self._preprocessing: Preprocessing = trained.preprocessing.to(device)
        size = self._preprocessing.input_size
        self.any_size = size is not None
        self.input_shape = trained.image_shape if size is None else (trained.image_shape[0], size, size)
        self._views = self._preprocessing.views
        self._precision = precision
        network = trained.network if precision == torch.float32 else copy.deepcopy(trained.network)
        # On a CPU LeNet takes 2.7 times as long without channels_last; on a GPU SqueezeNet 1.2 times as long with it,
        # in float32 alone.
        on_gpu_in_float32 = device.type == "cuda" and precision == torch.float32
        self._layout = torch.contiguous_format if on_gpu_in_float32 else torch.channels_last
        moved: nn.Module = network.to(device, precision, memory_format=self._layout)  # type: ignore[call-overload]
        self._network = moved.eval().requires_grad_(False)
        self.batch_size = batch_size or self._images_at_once()
        self._pool = ThreadPoolExecutor(threads) if threads > 1 and device.type == "cpu" else None
        self._judge: Callable[[Tensor], Tensor] = self._network
        if cpu_backend == "openvino" and device.type == "cpu":
            assert precision == torch.float32
            self._judge = OpenVinoForward(self._network, self.input_shape, threads)

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        return self._logits(pixels, self._network)

    def _logits(self, pixels: Tensor, network: Callable[[Tensor], Tensor]) -> Tensor:
        logits = self._forward(pixels, network)
        if self._views == CENTRE:
            return logits
        return log_mean_softmax(logits.view(len(pixels), self._views, -1).transpose(0, 1))

    def _forward(self, pixels: Tensor, network: Callable[[Tensor], Tensor]) -> Tensor:
        inputs = self._preprocessing(pixels).to(self._precision)
        return network(inputs.contiguous(memory_format=self._layout)).to(torch.float32)

    @torch.inference_mode()
    def features(self, images: Tensor) -> Tensor:
        """Map uint8 (N, C, H, W) to the inputs of the last linear layer, float32 (N, D), the mean over the views.

        Raises:
            FoolingError: the network has no such layer; or see `log_confidence`.
        """
        seen: list[Tensor] = []
        handle = last_linear(self._network).register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))

        def features(pixels: Tensor) -> Tensor:
            seen.clear()
            self._forward(pixels, self._network)
            return seen[0].to(torch.float32).view(len(pixels), self._views, -1).mean(dim=1)

        with handle:
            return torch.cat(list(self._in_batches(images, features)))

    @torch.inference_mode()
    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`.

        Raises:
            FoolingError: the GPU's memory does not hold a single image's way through the network, or the network gives
                no numbers.
        """
        result = torch.empty(len(images), self.classes, device=self.device)
        begin = 0
        for scores in self._side_by_side(images) if self._pool else self._in_batches(images, self._scores):
            result[begin : begin + len(scores)] = scores
            begin += len(scores)
        check_numbers(result)
        return result

    @torch.inference_mode()
    def _scores(self, pixels: Tensor) -> Tensor:
        return log_softmax(self._logits(pixels, self._judge))

    def _side_by_side(self, images: Tensor) -> Iterator[Tensor]:
        """Yield the scores of one batch after the other, computed by several threads."""
        assert self._pool is not None
        parts = images.split(self.batch_size) if len(images) else ()
        return self._pool.map(lambda part: self._scores(part.to(torch.float32)), parts)

    def _in_batches(self, images: Tensor, function: Callable[[Tensor], Tensor]) -> Iterator[Tensor]:
        """Yield what `function` makes of the pixels, float32 in 0-255, of one batch after the other."""
        begin = 0
        while begin < len(images):
            part = images[begin : begin + self.batch_size]
            made = _unless_memory_runs_out(function, part)
            if made is None:
                self._split(len(part))
            else:
                begin += len(part)
                yield made

    def _images_at_once(self) -> int:
        """Return how many images to pass through the network at once (see the constants)."""
        most = IMAGES_AT_ONCE[self.device.type]
        if self.device.type != "cpu":
            return max(1, most // self._views)
        image = torch.zeros(1, *self.image_shape)
        return min(most, max(1, CACHED_BYTES // largest_activation(self._network, lambda: self.logits(image))))

    def _split(self, images: int) -> None:
        """Halve the number of images in one forward pass, since so many did not fit."""
        if images == 1:
            raise FoolingError(
                "The GPU's memory does not hold one image's way through this network; free memory on it, or set "
                "compute.device to cpu."
            )
        self.batch_size = images // 2
        torch.cuda.empty_cache()
        log.warning("The GPU's memory does not hold %d images at once; trying %d.", images, self.batch_size)


@torch.inference_mode()
def largest_activation(network: nn.Module, forward: Callable[[], object]) -> int:
    """Return the bytes of the largest output of a layer of `network` in a forward pass; at least 1."""
    sizes = [1]

    def measure(_module: nn.Module, _inputs: object, output: object) -> None:
        if isinstance(output, Tensor):
            sizes.append(output.numel() * output.element_size())

    handles = [module.register_forward_hook(measure) for module in network.modules()]
    forward()
    for handle in handles:
        handle.remove()
    return max(sizes)


class EnsembleClassifier:
    """A `Classifier` whose confidence is the mean of its members' (paper, section 3.2).

    Args:
        members: two or more, with the same classes and image shape.
    """

    def __init__(self, members: Sequence[Classifier]) -> None:
        first = members[0]
        self.classes, self.image_shape, self.device = first.classes, first.image_shape, first.device
        self.input_shape = max(member.input_shape for member in members)
        self.any_size = all(member.any_size for member in members)
        self._members = members

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        return log_mean_softmax(torch.stack([member.logits(pixels) for member in self._members]))

    @torch.inference_mode()
    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`."""
        return log_softmax(log_mean_softmax(torch.stack([member.log_confidence(images) for member in self._members])))


def load_classifier(path: Path, device: torch.device, *, precision: torch.dtype = torch.float32) -> Classifier:
    """Return the classifier of a network file: of its network, or of the ensemble that it holds.

    Raises:
        FoolingError: see `load_networks`.
    """
    return classifier_of(load_networks(path), device, precision=precision)


def classifier_of(
    networks: Sequence[TrainedNetwork],
    device: torch.device,
    *,
    precision: torch.dtype = torch.float32,
    threads: int = 1,
    cpu_backend: CpuBackend = "torch",
) -> Classifier:
    """Return the classifier of one network, or of an ensemble of several; see `NetworkClassifier`."""
    members = [
        NetworkClassifier(trained, device, precision=precision, threads=threads, cpu_backend=cpu_backend)
        for trained in networks
    ]
    return members[0] if len(members) == 1 else EnsembleClassifier(members)


def score_distinct(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    """Map uint8 (N, C, H, W) to log-confidences, float32 (N, classes); equal images pass through the network once."""
    same = number_distinct(images)
    _, first = np.unique(same, return_index=True)
    distinct = torch.from_numpy(images[first]).to(classifier.device)
    scores: np.ndarray = classifier.log_confidence(distinct).cpu().numpy()[same]
    return scores


def _unless_memory_runs_out(function: Callable[[Tensor], Tensor], images: Tensor) -> Tensor | None:
    """Return what `function` makes of the images' pixels, or None if the GPU's memory does not hold it."""
    try:
        return function(images.to(torch.float32))
    except torch.OutOfMemoryError:
        return None
