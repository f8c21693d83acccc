"""Settings of a network's training (Caffe's LeNet solver; paper, section "MNIST DNN model"; and those of others)."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from fooling.settings.base import Positive, Probability, Seeds, Settings
from fooling.settings.datasets import DATASETS, MNIST


class TrainingSettings(Settings):
    """How one network is built and trained; the defaults are those of Caffe's LeNet example."""

    dataset: Literal["mnist", "cifar10", "cifar100", "cifar100_coarse", "glyphs"] = "mnist"
    """The data set it is trained on; cifar100_coarse has the images of cifar100 and its 20 superclasses as classes."""
    classes: Annotated[int, Field(ge=2)] | None = None
    """Train only on the first classes, as many as this says; null takes all."""
    images_per_class: Positive | None = None
    """Train only on the first images of each class, as many as this says; null takes all. The test is the same."""
    architecture: Annotated[Literal["lenet", "convnet", "resnet"], Field(validate_default=True)] = "lenet"
    """The network: Caffe's LeNet, for MNIST and glyphs; or a convnet or a small resnet, with batch normalisation."""
    width: Positive = 16
    """Channels after the first convolution; the others have 2, 4 and 4 times as many, or 2, 4 and 8 in a resnet."""
    relu_after_convolutions: bool = False
    """Put a ReLU after each convolution, which Caffe's LeNet does not have."""
    subtract_mean: bool = True
    """Subtract the training set's mean image, as the authors' evolution does."""
    scale: Annotated[float, Field(gt=0)] = 1 / 256
    """Factor on the (mean-subtracted) pixel values 0-255."""
    augment: bool = False
    """Flip the training images at random, and move them by up to four pixels."""
    iterations: Positive = 10_000
    """Batches of stochastic gradient descent."""
    batch_size: Positive = 64
    """Images in a training batch."""
    order: Literal["shuffled", "stored"] = "shuffled"
    """Shuffle the images anew for each pass over them, or take them as the files have them, as Caffe does."""
    learning_rate: Annotated[float, Field(gt=0)] = 0.01
    """Learning rate at the start, or at its peak; biases learn at twice the rate."""
    schedule: Literal["inv", "one_cycle"] = "inv"
    """How the rate changes: Caffe's policy "inv"; or linearly up during the first fifth, and down to zero."""
    learning_rate_gamma: Annotated[float, Field(ge=0)] = 0.0001
    """Decay of "inv": rate = learning_rate * (1 + gamma * iteration) ** -power."""
    learning_rate_power: Annotated[float, Field(ge=0)] = 0.75
    """Exponent of that decay."""
    momentum: Probability = 0.9
    """Momentum of the gradient descent."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0005
    """L2 penalty on weights and biases."""

    @field_validator("classes")
    @classmethod
    def _exist(cls, classes: int | None, info: ValidationInfo) -> int | None:
        facts = DATASETS.get(info.data.get("dataset", ""))
        if facts and classes and classes > facts.classes:
            raise ValueError(f"{facts.name} has {facts.classes} classes, not {classes}")
        return classes

    @field_validator("architecture")
    @classmethod
    def _fits_images(cls, architecture: str, info: ValidationInfo) -> str:
        facts = DATASETS[info.data.get("dataset", MNIST.name)]
        if architecture == "lenet" and facts.image_shape != MNIST.image_shape:
            raise ValueError(
                f"lenet takes the images of mnist and glyphs, not of {facts.name}; choose convnet or resnet"
            )
        return architecture


class NetworkSettings(TrainingSettings):
    """A family of networks that differ only in the seed of their initialisation and batch order."""

    seeds: Annotated[Seeds, Field(min_length=1)] = [1]
    """One network `FAMILY-SEED` is trained for each."""
