"""A classifier: uint8 images in, log-confidences out; batching, precision and device inside."""

from typing import Protocol

import torch
from torch import Tensor, nn

from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing


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
        batch_size: images in one forward pass. Around 200 is fastest for LeNet on a CPU.
    """

    def __init__(self, trained: TrainedNetwork, device: torch.device, *, batch_size: int = 200) -> None:
        self.classes = trained.classes
        self.image_shape = trained.image_shape
        self.device = device
        self._batch_size = batch_size
        self._preprocessing: Preprocessing = trained.preprocessing.to(device)
        # Without channels_last, LeNet takes 2.7 times as long on a CPU.
        network: nn.Module = trained.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network = network.eval().requires_grad_(False)

    def logits(self, pixels: Tensor) -> Tensor:
        """See `Classifier.logits`."""
        inputs = self._preprocessing(pixels)
        return self._network(inputs.contiguous(memory_format=torch.channels_last))

    @torch.inference_mode()
    def log_confidence(self, images: Tensor) -> Tensor:
        """See `Classifier.log_confidence`."""
        parts = [log_softmax(self.logits(part.to(torch.float32))) for part in images.split(self._batch_size)]
        return torch.cat(parts) if parts else torch.empty(0, self.classes, device=self.device)
