"""What gradient ascent leaves behind: its images as a fooling set."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.origin import AscentOrigin
from fooling.ascent.gradient_ascent import AscentResult
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.ascent import AscentSettings


def origin_of(
    result: AscentResult,
    network: str,
    trained: TrainedNetwork,
    *,
    set_name: str,
    settings: AscentSettings,
    mean: Tensor,
) -> AscentOrigin:
    """Return the origin of images that gradient ascent made.

    Args:
        result: the images with their milestones.
        network: name of the network that they fool.
        trained: the network itself.
        set_name: name of the set of hyperparameters.
        settings: these hyperparameters.
        mean: float32 (C, H, W) in 0-255 units, the mean image around which the ascent began.
    """
    return AscentOrigin(
        method="ascent",
        set=set_name,
        rule=settings.rule,
        network=network,
        dataset=trained.dataset,
        mean=mean.flatten(1).mean(dim=1).tolist(),
        classes=trained.classes,
        **trained.named_classes,
        milestones=result.milestones,
    )


def images_of(result: AscentResult, origin: AscentOrigin, record: Mapping[str, Any]) -> FoolingSet:
    """Return the images as a fooling set, each born in the iteration in which it was taken.

    Args:
        result: of the ascent.
        origin: of its images.
        record: the provenance of the step.
    """
    return FoolingSet(
        images=result.images,
        target=result.target,
        log_confidence=result.log_confidence,
        generation=result.iteration,
        born=result.iteration,
        run=result.run,
        origin=origin,
        provenance=record,
    )
