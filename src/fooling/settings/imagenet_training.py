"""Settings of an ImageNet network's training with fooling images as one more class (paper, section 3.5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fooling.settings.base import Positive, Probability, Settings


class ImagenetTrainingSettings(Settings):
    """How DNN2 is trained; the defaults are for fine-tuning an AlexNet."""

    start: Literal["weights", "scratch"] = "weights"
    """Begin with DNN1's weights (fine-tuning) or with random ones, as the paper does."""
    epochs: Positive = 10
    """Passes over the images."""
    batch_size: Positive = 256
    """Images in a training batch, over all processes."""
    learning_rate: Annotated[float, Field(gt=0)] = 0.001
    """Learning rate at the start; it falls to zero along a half cosine."""
    momentum: Probability = 0.9
    """Momentum of the gradient descent."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0005
    """L2 penalty on weights and biases."""
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    """Of the forward pass where it is safe (torch's autocast); the weights stay float32."""


class ImagenetTrainingRuns(ImagenetTrainingSettings):
    """The same, and what a job of it needs."""

    processes: Positive = 1
    """Processes that share each batch, one for each GPU."""
    workers: Annotated[int, Field(ge=0)] = 8
    """Processes that read and cut images, for each of those; 0 lets the training read them itself."""

    @model_validator(mode="after")
    def _share_evenly(self) -> Self:
        if self.batch_size % self.processes:
            raise ValueError(f"batch_size: {self.processes} processes cannot share {self.batch_size} images evenly")
        return self
