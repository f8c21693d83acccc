"""Settings of a fooling class that is fitted to a frozen network of ImageNet, without ImageNet's images."""

from typing import Annotated

from pydantic import Field

from fooling.settings.base import Positive, Settings


class HeadTrainingSettings(Settings):
    """How the further output of DNN2 is fitted: a logistic regression on the frozen network's features."""

    natural_images: Annotated[Positive, Field(le=50_000)] = 2000
    """Training images of CIFAR-10, enlarged, that stand for natural images."""
    penalty: Annotated[float, Field(gt=0)] = 0.001
    """L2 penalty on the weights of the further output, for features of unit variance."""
