"""Caffe's LeNet (paper, section "MNIST DNN model"; Caffe's `examples/mnist/lenet_train_test.prototxt`)."""

import math

import torch
from torch import Tensor, nn


class LeNet(nn.Module):
    """Two convolutions with max-pooling and two full connections; linear between the convolutions.

    Args:
        classes: number of outputs.
        relu_after_convolutions: add the ReLUs that Caffe's version does not have.
    """

    def __init__(self, classes: int = 10, *, relu_after_convolutions: bool = False) -> None:
        super().__init__()
        between = nn.ReLU if relu_after_convolutions else nn.Identity
        self.layers = nn.Sequential(
            nn.Conv2d(1, 20, 5),
            between(),
            nn.MaxPool2d(2),
            nn.Conv2d(20, 50, 5),
            between(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(800, 500),
            nn.ReLU(),
            nn.Linear(500, classes),
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """Map preprocessed images, float32 (N, 1, 28, 28), to logits, float32 (N, classes)."""
        return self.layers(inputs)

    @torch.no_grad()
    def initialise(self, generator: torch.Generator) -> None:
        """Draw the weights as Caffe's Xavier filler does: uniform with variance 1 / fan-in; biases are zero."""
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in = layer.weight[0].numel()
                bound = math.sqrt(3 / fan_in)
                layer.weight.uniform_(-bound, bound, generator=generator)
                assert layer.bias is not None
                layer.bias.zero_()
