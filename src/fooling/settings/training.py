"""Settings of a network's training (Caffe's LeNet solver; paper, section "MNIST DNN model")."""

from typing import Annotated, Literal

from pydantic import Field

from fooling.settings.base import Positive, Probability, Seeds, Settings


class TrainingSettings(Settings):
    """How one network is built and trained; the defaults are those of Caffe's LeNet example."""

    dataset: Literal["mnist"] = "mnist"
    """The data set it is trained on."""
    classes: Annotated[int, Field(ge=2)] | None = None
    """Train on the first so many classes only; null takes all."""
    architecture: Literal["lenet"] = "lenet"
    """The network: Caffe's LeNet."""
    relu_after_convolutions: bool = False
    """Put a ReLU after each convolution, which Caffe's LeNet does not have."""
    subtract_mean: bool = True
    """Subtract the training set's mean image, as the authors' evolution does."""
    scale: Annotated[float, Field(gt=0)] = 1 / 256
    """Factor on the (mean-subtracted) pixel values 0-255."""
    iterations: Positive = 10_000
    """Batches of stochastic gradient descent."""
    batch_size: Positive = 64
    """Images in a training batch."""
    learning_rate: Annotated[float, Field(gt=0)] = 0.01
    """Learning rate at the start; biases learn at twice the rate."""
    learning_rate_gamma: Annotated[float, Field(ge=0)] = 0.0001
    """Decay: rate = learning_rate * (1 + gamma * iteration) ** -power (Caffe's policy "inv")."""
    learning_rate_power: Annotated[float, Field(ge=0)] = 0.75
    """Exponent of that decay."""
    momentum: Probability = 0.9
    """Momentum of the gradient descent."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0005
    """L2 penalty on weights and biases."""


class NetworkSettings(TrainingSettings):
    """A family of networks that differ only in the seed of their initialisation and batch order."""

    seeds: Annotated[Seeds, Field(min_length=1)] = [1]
    """One network `FAMILY-SEED` is trained for each."""
