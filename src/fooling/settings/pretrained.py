"""Settings of networks that were trained elsewhere, and of ensembles (paper, sections 3.2 and 3.4)."""

import math
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from fooling.errors import FoolingError
from fooling.settings.base import Name, Settings, UserPath, is_file, no_such_file
from fooling.settings.class_labels import read_labels
from fooling.settings.datasets import IMAGENET

LITE_INPUTS = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}
"""The networks whose ImageNet weights are installed with this program, and the side of their inputs.

Their batch normalisation is folded into their convolutions, so that they learn nothing from scratch.
"""
LEAST_INPUT = {"torchvision/alexnet": 63, "torchvision/googlenet": 15}
"""Least side of the inputs of the paper's networks; of others `fooling.networks.zoo` finds out whether they fit."""


LARGEST_SIDE = 2048
Side = Annotated[int, Field(ge=1, le=LARGEST_SIDE)]
"""Of an image, in pixels; there is a limit, so that a wrong number does not fill the memory."""
Colour = Annotated[list[Annotated[float, Field(ge=0, le=255)]], Field(min_length=1, max_length=4)]


class PretrainedSettings(Settings):
    """A network and its weights; what is left out is what the architecture's ImageNet weights were trained with."""

    architecture: Annotated[
        str,
        Field(pattern=r"^(hf[-_]hub:)?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?$"),
        AfterValidator(lambda name: name.rpartition(":")[2]),
    ]
    """`efficientnet-lite0`, `-lite1` or `-lite2`, `torchvision/NAME` such as `torchvision/alexnet`, `timm/NAME` such as
    `timm/resnet18` or `timm/resnet18.a1_in1k`, or `lenet`."""
    weights: UserPath | None = None
    """File of weights (`.pth`, `.pt`, `.bin` or `.safetensors`: a state dict, or a checkpoint that holds one), or the
    index of weights in several parts (`.index.json`); null takes those that the library publishes."""
    weights_key: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Key of the state dict in a checkpoint that holds several, such as `state_dict_ema`; keys of tables in tables are
    joined by dots."""
    dataset: Name = "imagenet"
    """What the network was trained on; images transfer between networks of one data set."""
    classes: Annotated[int, Field(ge=2)] = 1000
    """Number of classes."""
    labels: UserPath | None = None
    """File with the names of the classes, in UTF-8, a line each; without it, figures show numbers."""
    image_size: Side = 256
    """Side of the images that are evolved."""
    input_size: Side | None = None
    """Side of the network's input: larger images are cropped, smaller ones resized."""
    mean: Colour | None = None
    """Mean of each channel in 0-255, subtracted from the pixels; as many numbers as there are channels."""
    std: Colour | None = None
    """Standard deviation of each channel in 0-255, by which they are divided."""
    views: Literal[1, 10] = 1
    """Take the confidence from the image's centre, or as the mean of ten crops (the authors' code)."""

    @property
    def known_to_fit(self) -> bool:
        """Whether the network takes its inputs and weights, as far as that is known without loading torch."""
        if self.weights is not None or len(self.mean or "RGB") != 3:
            return False
        if self.input_size is None:
            return self.architecture in LITE_INPUTS or self.architecture in LEAST_INPUT
        return self.input_size >= LEAST_INPUT.get(self.architecture, math.inf)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.weights is not None and not is_file(Path(self.weights)):
            raise ValueError(f"weights: {no_such_file(Path(self.weights))}")
        if (self.mean is None) != (self.std is None) or len(self.mean or ()) != len(self.std or ()):
            raise ValueError("mean and std belong together: give both, with one number for each channel, or neither")
        if self.std is not None and min(self.std) <= 0:
            raise ValueError("std: every number must be above 0")
        if self.mean is not None and self.std is not None and max(self.std) < 1:
            mean, std = (", ".join(f"{255 * number:.6g}" for number in numbers) for numbers in (self.mean, self.std))
            raise ValueError(f"std: mean and std are in 0-255 here, not in 0-1; give mean: [{mean}], std: [{std}]")
        if self.weights_key is not None and self.weights is None:
            raise ValueError("weights_key: it chooses among what a file of your own holds; give weights too")
        if self.views == 10 and self.input_size is not None and self.input_size >= self.image_size:
            raise ValueError("views: ten crops need an input_size below image_size")
        if self.dataset == IMAGENET.name and self.classes != IMAGENET.classes:
            raise ValueError(f"classes: ImageNet has 1000, not {self.classes}; name another dataset")
        if self.weights is None and self.classes != IMAGENET.classes:
            raise ValueError("weights: published weights have 1000 classes; give a file of your own")
        if self.labels is not None:
            self._check_labels(Path(self.labels))
        return self

    def _check_labels(self, path: Path) -> None:
        try:
            names = read_labels(path)
        except FoolingError as error:
            raise ValueError(f"labels: {error}") from error
        if len(names) != self.classes:
            raise ValueError(f"labels: {path} names {len(names)} classes, but the network has {self.classes}")
