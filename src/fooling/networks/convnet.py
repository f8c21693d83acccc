"""A small convolutional network for natural images of few pixels."""

import math

import torch
from torch import Tensor, nn


class ConvNet(nn.Module):
    """Four 3 x 3 convolutions with batch normalisation and pooling, and one full connection.

    Args:
        classes: number of outputs.
        channels: of the images.
        width: channels after the first convolution; the others have 2, 4 and 4 times as many.
    """

    def __init__(self, classes: int = 10, *, channels: int = 3, width: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *convolution(channels, width),
            nn.MaxPool2d(2),
            *convolution(width, 2 * width),
            nn.MaxPool2d(2),
            *convolution(2 * width, 4 * width),
            nn.MaxPool2d(2),
            *convolution(4 * width, 4 * width),
        )
        self.classifier = nn.Linear(4 * width, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Map preprocessed images, float32 (N, channels, H, W) with sides of 8 or more, to logits (N, classes)."""
        return self.classifier(self.features(inputs).amax(dim=(2, 3)))

    def initialise(self, generator: torch.Generator) -> None:
        """See `draw_weights`."""
        draw_weights(self.features, self.classifier, generator)


def convolution(before: int, after: int) -> tuple[nn.Module, ...]:
    """Return a 3 x 3 convolution from `before` to `after` channels, its batch normalisation and its ReLU."""
    return nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()


@torch.no_grad()
def draw_weights(features: nn.Module, classifier: nn.Linear, generator: torch.Generator) -> None:
    """Draw the weights: normal with variance 2 / fan-in before a ReLU, 1 / fan-in at the end; biases are zero."""
    for layer in features.modules():
        if isinstance(layer, nn.Conv2d):
            layer.weight.normal_(0, math.sqrt(2 / layer.weight[0].numel()), generator=generator)
    classifier.weight.normal_(0, math.sqrt(1 / classifier.in_features), generator=generator)
    classifier.bias.zero_()
