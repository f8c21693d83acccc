"""A small residual network for natural images of few pixels and many classes."""

import torch
from torch import Tensor, nn

from fooling.networks.convnet import convolution, draw_weights


class Residual(nn.Module):
    """Two 3 x 3 convolutions whose result is added to their input.

    Args:
        width: channels of input and output.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*convolution(width, width), *convolution(width, width))

    def forward(self, inputs: Tensor) -> Tensor:
        """Map float32 (N, width, H, W) to the same shape."""
        return inputs + self.layers(inputs)


class ResNet(nn.Module):
    """Four 3 x 3 convolutions, pooling between them, a residual pair after each of the last; one full connection.

    Pooling comes before the convolution that widens, so that no layer but the first sees the image at full size.

    Args:
        classes: number of outputs.
        channels: of the images.
        width: channels after the first convolution; the others have 2, 4 and 8 times as many.
    """

    def __init__(self, classes: int = 100, *, channels: int = 3, width: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *convolution(channels, width),
            nn.MaxPool2d(2),
            *convolution(width, 2 * width),
            nn.MaxPool2d(2),
            *convolution(2 * width, 4 * width),
            Residual(4 * width),
            nn.MaxPool2d(2),
            *convolution(4 * width, 8 * width),
            Residual(8 * width),
        )
        self.classifier = nn.Linear(8 * width, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Map preprocessed images, float32 (N, channels, H, W) with sides of 8 or more, to logits (N, classes)."""
        return self.classifier(self.features(inputs).mean(dim=(2, 3)))

    def initialise(self, generator: torch.Generator) -> None:
        """See `draw_weights`."""
        draw_weights(self.features, self.classifier, generator)
