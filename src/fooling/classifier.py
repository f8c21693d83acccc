"""A classifier: uint8 images in, log-confidences out; batching, precision and device inside."""

import copy
import logging
from typing import Protocol

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing

IMAGES_AT_ONCE = {"cpu": 200, "cuda": 1024}
"""Images in one forward pass. On a CPU LeNet is fastest with 200; a GPU takes what its memory holds."""
PIXELS_AT_ONCE = 2_600_000
"""Pixels in one forward pass on a CPU: AlexNet is as fast with 50 images as with 100, and faster than with 200."""

log = logging.getLogger(__name__)


class Classifier(Protocol):
    """What evolution, ascent and transfer need to know of a network.

    Attributes:
        classes: number of classes.
        image_shape: (C, H, W) of the images it takes.
        device: where it computes.
    """

    classes: int
    image_shape: tuple[int, int, int]
    device: torch.device

    def logits(self, pixels: Tensor) -> Tensor:
        """Map float32 (N, C, H, W) in 0-255 to float32 (N, classes); differentiable."""
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


class NetworkClassifier:
    """A `Classifier` of one network and one view of each image.

    Args:
        trained: the network; its parameters are frozen.
        device: where to compute.
        precision: of the network's weights and activations; bfloat16 moves confidences by hundredths, so what is
            reported must come from float32. The softmax is always computed in float32.
        batch_size: images in one forward pass; chosen by device and image size if it is not given. A GPU whose
            memory does not hold that many gets half as many, until they fit.
    """

    def __init__(
        self,
        trained: TrainedNetwork,
        device: torch.device,
        *,
        precision: torch.dtype = torch.float32,
        batch_size: int | None = None,
    ) -> None:
        self.classes = trained.classes
        self.image_shape = trained.image_shape
        self.device = device
        self._batch_size = batch_size or images_at_once(device, trained.image_shape)
        self._precision = precision
        self._preprocessing: Preprocessing = trained.preprocessing.to(device)
        network = trained.network if precision == torch.float32 else copy.deepcopy(trained.network)
        # Without channels_last, LeNet takes 2.7 times as long on a CPU.
        moved: nn.Module = network.to(device, precision, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network = moved.eval().requires_grad_(False)

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        inputs = self._preprocessing(pixels).to(self._precision)
        return self._network(inputs.contiguous(memory_format=torch.channels_last)).to(torch.float32)

    @torch.inference_mode()
    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`.

        Raises:
            FoolingError: the GPU's memory does not hold a single image's way through the network.
        """
        result = torch.empty(len(images), self.classes, device=self.device)
        begin = 0
        while begin < len(images):
            part = images[begin : begin + self._batch_size]
            scores = self._scores(part)
            if scores is None:
                self._split(len(part))
            else:
                result[begin : begin + len(part)] = scores
                begin += len(part)
        return result

    def _scores(self, images: Tensor) -> Tensor | None:
        """Return the log-confidences from one forward pass, or None if it does not fit into the GPU's memory."""
        try:
            return log_softmax(self.logits(images.to(torch.float32)))
        except torch.OutOfMemoryError:
            return None

    def _split(self, images: int) -> None:
        """Halve the number of images in one forward pass, since so many did not fit."""
        if images == 1:
            raise FoolingError(
                "The GPU's memory does not hold one image's way through this network; free memory on it, or set "
                "compute.device to cpu."
            )
        self._batch_size = images // 2
        torch.cuda.empty_cache()
        log.warning("The GPU's memory does not hold %d images at once; trying %d.", images, self._batch_size)


def images_at_once(device: torch.device, image_shape: tuple[int, int, int]) -> int:
    """Return how many images to pass through a network at once, by measurement (see the constants)."""
    _, height, width = image_shape
    if device.type == "cpu":
        return max(1, min(IMAGES_AT_ONCE["cpu"], PIXELS_AT_ONCE // (height * width)))
    return IMAGES_AT_ONCE["cuda"]
